/** Nodes of n8n, as its package n8n-nodes-base has them, with the parameters that our examples use. */

import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import { createContext, runInContext } from 'node:vm'
import { type Json, oneOf, only, textOf } from '../strict.ts'
import { type Run, Stopped, type Surroundings } from './workflow.ts'

// biome-ignore lint/suspicious/noExplicitAny: JSON that the tests look into
export type Item = { json: any; binary?: Record<string, { data: string; mimeType: string }> }
export type Resolve = (value: unknown) => unknown

type Turn = {
  what: string
  parameters: unknown
  item: Item
  resolve: Resolve
  surroundings: Surroundings
  run: Run
}
/** @property run what leaves each of its outputs */
export type NodeType = { starts?: true; run(turn: Turn): Promise<(Item | undefined)[]> }

const manualTrigger: NodeType = {
  starts: true,
  async run({ what, parameters, item }) {
    only(what, parameters, [])
    return [item]
  }
}

const webhook: NodeType = {
  starts: true,
  async run({ what, parameters, item }) {
    const { httpMethod, path, responseMode, options } = only(what, parameters, [
      'httpMethod',
      'path',
      'responseMode',
      'options'
    ])
    oneOf(what, httpMethod, 'POST')
    textOf(what, path)
    oneOf(what, responseMode, 'responseNode')
    const { rawBody } = only(what, options, ['rawBody'])
    // Without it there are no bytes to verify.
    return [rawBody === true ? item : { json: item.json }]
  }
}

const set: NodeType = {
  async run({ what, parameters, resolve }) {
    const { assignments, options } = only(what, parameters, ['assignments', 'options'])
    only(what, options, [])
    const json: Json = {}
    for (const each of only(what, assignments, ['assignments']).assignments as unknown[]) {
      const { name, value, type } = only(what, each, ['id', 'name', 'value', 'type'])
      oneOf(what, type, 'string')
      json[textOf(what, name)] = textOf(what, resolve(value))
    }
    return [{ json }]
  }
}

const httpRequest: NodeType = {
  async run({ what, parameters, resolve, surroundings: { credential } }) {
    const {
      method,
      url,
      authentication,
      genericAuthType,
      sendHeaders = false,
      headerParameters,
      sendBody = false,
      specifyBody,
      jsonBody,
      options
    } = only(what, parameters, [
      'method',
      'url',
      'authentication',
      'genericAuthType',
      'sendHeaders',
      'headerParameters',
      'sendBody',
      'specifyBody',
      'jsonBody',
      'options'
    ])
    oneOf(what, authentication, 'genericCredentialType')
    oneOf(what, genericAuthType, 'httpHeaderAuth')
    const headers = new Headers({ [credential.name]: credential.value })
    if (sendHeaders)
      for (const each of only(what, headerParameters, ['parameters']).parameters as unknown[]) {
        const { name, value } = only(what, each, ['name', 'value'])
        headers.set(textOf(what, name), textOf(what, resolve(value)))
      }
    let body: string | undefined
    if (sendBody) {
      oneOf(what, specifyBody, 'json')
      headers.set('content-type', 'application/json')
      body = JSON.stringify(JSON.parse(textOf(what, resolve(jsonBody))))
    }
    const { redirect, response, timeout } = only(what, options, ['redirect', 'response', 'timeout'])
    const { followRedirects } = only(what, only(what, redirect, ['redirect']).redirect, ['followRedirects'])
    const wanted = only(what, only(what, response, ['response']).response, [
      'fullResponse',
      'neverError',
      'responseFormat'
    ])
    oneOf(what, followRedirects, false)
    oneOf(what, wanted.fullResponse, true)
    oneOf(what, wanted.neverError, true)
    // By itself it takes application/problem+json for text.
    oneOf(what, wanted.responseFormat, 'json')
    const answer = await fetch(textOf(what, resolve(url)), {
      method: oneOf(what, method, 'GET', 'POST'),
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeout as number),
      ...(body !== undefined && { body })
    })
    return [
      {
        json: {
          body: await answer.json(),
          headers: Object.fromEntries(answer.headers),
          statusCode: answer.status,
          statusMessage: answer.statusText
        }
      }
    ]
  }
}

const ifNode: NodeType = {
  async run({ what, parameters, item, resolve }) {
    const { conditions, options } = only(what, parameters, ['conditions', 'options'])
    only(what, options, [])
    const {
      conditions: all,
      combinator,
      options: how
    } = only(what, conditions, ['conditions', 'combinator', 'options'])
    oneOf(what, combinator, 'and')
    oneOf(what, (how as Json).typeValidation, 'strict')
    const holds = (all as unknown[]).every((each) => {
      const { leftValue, operator } = only(what, each, ['id', 'leftValue', 'rightValue', 'operator'])
      const { type, operation, singleValue } = only(what, operator, ['type', 'operation', 'singleValue'])
      oneOf(what, type, 'boolean')
      oneOf(what, operation, 'true')
      oneOf(what, singleValue, true)
      // `strict`: anything else is an error.
      return oneOf(what, resolve(leftValue), true, false)
    })
    return holds ? [item, undefined] : [undefined, item]
  }
}

const wait: NodeType = {
  async run({ what, parameters, item, surroundings, run }) {
    const { amount, unit } = only(what, parameters, ['amount', 'unit'])
    oneOf(what, unit, 'seconds')
    // From 65 s on n8n puts an execution away, and what it then goes on with is another story.
    if (!(Number(amount) > 0 && Number(amount) < 65)) throw new Error(`${what}: ${amount}`)
    run.waited += Number(amount)
    await sleep((Number(amount) * 1_000) / surroundings.haste)
    return [item]
  }
}

const code: NodeType = {
  async run({ what, parameters, item }) {
    const { jsCode } = only(what, parameters, ['jsCode'])
    const require = createRequire(import.meta.url)
    const context = createContext({
      // As with NODE_FUNCTION_ALLOW_BUILTIN=crypto.
      require: (name: string) => require(oneOf(what, name, 'crypto')),
      Buffer,
      $input: { first: () => item }
    })
    const helpers = {
      async getBinaryDataBuffer(n: number, name: string) {
        const data = n === 0 ? item.binary?.[name] : undefined
        if (!data) throw new Error(`${what}: no binary data ${name}`)
        return Buffer.from(data.data, 'base64')
      }
    }
    const work = runInContext(`(async function () {\n${textOf(what, jsCode)}\n})`, context)
    const items = (await work.call({ helpers })) as Item[]
    if (items.length !== 1) throw new Error(`${what}: not one item`)
    return items
  }
}

const respondToWebhook: NodeType = {
  async run({ what, parameters, item, surroundings }) {
    const { respondWith, options } = only(what, parameters, ['respondWith', 'options'])
    oneOf(what, respondWith, 'noData')
    surroundings.respond!(Number(only(what, options, ['responseCode']).responseCode))
    return [item]
  }
}

const stopAndError: NodeType = {
  async run({ what, parameters, resolve }) {
    const { errorMessage } = only(what, parameters, ['errorMessage'])
    throw new Stopped(textOf(what, resolve(errorMessage)))
  }
}

export const nodeTypes: Record<string, NodeType> = {
  'n8n-nodes-base.manualTrigger 1': manualTrigger,
  'n8n-nodes-base.webhook 2': webhook,
  'n8n-nodes-base.set 3.4': set,
  'n8n-nodes-base.httpRequest 4.2': httpRequest,
  'n8n-nodes-base.if 2.2': ifNode,
  'n8n-nodes-base.wait 1.1': wait,
  'n8n-nodes-base.code 2': code,
  'n8n-nodes-base.respondToWebhook 1.1': respondToWebhook,
  'n8n-nodes-base.stopAndError 1': stopAndError
}
