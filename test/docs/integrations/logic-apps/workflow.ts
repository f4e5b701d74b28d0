/**
 * Runs a workflow definition as Azure Logic Apps does, as far as our example goes:
 * https://learn.microsoft.com/azure/logic-apps/logic-apps-workflow-actions-triggers. What it does not know is an error.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Json, oneOf, only, textOf } from '../strict.ts'
import { kinds } from './actions.ts'
import { evaluate, type Functions } from './expression.ts'
import { type HttpOutputs, sendHttp } from './http.ts'

export type Status = 'Succeeded' | 'Failed' | 'Skipped' | 'TimedOut'
export type Action = { type: string; runAfter: Record<string, Status[]> } & Json

export type Given = {
  parameters: Record<string, string>
  body: Json
  /** Waits so much shorter. */
  haste: number
  /** Whether other JSON than `application/json` comes as it is, or as `$content`. The service's guide names only that one. */
  isProblemJson: boolean
}

export type Result = {
  outputs: Record<string, unknown>
  statuses: Record<string, Status>
  /** By Terminate. */
  error: { code: string; message: string } | undefined
}

class Terminated extends Error {}

export async function runDefinition(file: unknown, given: Given): Promise<Result> {
  const { definition } = only('file', file, ['definition'])
  const { parameters, triggers, actions } = only('definition', definition, [
    '$schema',
    'contentVersion',
    'parameters',
    'triggers',
    'actions',
    'outputs'
  ])
  for (const name of Object.keys(parameters as Json))
    if (given.parameters[name] === undefined) throw new Error(`the parameter ${name} is missing`)
  const [trigger, ...more] = Object.values(triggers as Record<string, Json>)
  if (more.length > 0) throw new Error('more than one trigger')
  const { type, inputs } = only('trigger', trigger, ['type', 'kind', 'inputs'])
  oneOf('trigger', type, 'Request')
  for (const name of ((inputs as Json).schema as { required: string[] }).required)
    if (!(name in given.body)) throw new Error(`${name} is missing in what triggers it`)

  const run = new Run(given)
  try {
    await run.all(actions as Record<string, Action>)
  } catch (error) {
    if (!(error instanceof Terminated)) throw error
  }
  return run.result
}

export class Run {
  readonly result: Result = { outputs: {}, statuses: {}, error: undefined }
  private readonly variables = new Map<string, unknown>()
  private readonly given: Given
  private readonly functions: Functions

  constructor(given: Given) {
    this.given = given
    const outputs = (name: unknown) => {
      const action = textOf('outputs', name)
      if (!Object.hasOwn(this.result.outputs, action)) throw new Error(`${action} has not run`)
      return this.result.outputs[action] ?? null
    }
    this.functions = {
      parameters: (name) => given.parameters[textOf('parameters', name)],
      triggerBody: () => given.body,
      variables: (name) => this.variables.get(this.variable(name)),
      outputs,
      body: (name) => (outputs(name) as HttpOutputs | null)?.body ?? null
    }
  }

  /** In the order of `runAfter`. @returns how it went: as its last ones did */
  async all(actions: Record<string, Action>): Promise<Status> {
    const left = new Map(Object.entries(actions))
    for (const name of left.keys()) delete this.result.statuses[name]
    const statuses = new Map<string, Status>()
    while (left.size > 0) {
      const next = [...left].find(([, { runAfter }]) =>
        Object.keys(runAfter).every((name) => statuses.has(name))
      )
      if (!next) throw new Error(`nothing leads to ${[...left.keys()].join(', ')}`)
      const [name, action] = next
      left.delete(name)
      const isNext = Object.entries(action.runAfter).every(([before, allowed]) =>
        allowed.includes(statuses.get(before)!)
      )
      const status = isNext ? await this.one(name, action) : 'Skipped'
      statuses.set(name, status)
      this.result.statuses[name] = status
    }
    const waitedFor = new Set(Object.values(actions).flatMap(({ runAfter }) => Object.keys(runAfter)))
    const ends = [...statuses].filter(([name]) => !waitedFor.has(name)).map(([, status]) => status)
    return ends.every((status) => status === 'Succeeded') ? 'Succeeded' : 'Failed'
  }

  private async one(name: string, action: Action): Promise<Status> {
    const kind = kinds[action.type]
    if (!kind) throw new Error(`${name}: ${action.type} is not known`)
    try {
      return (await kind(this, name, action)) ?? 'Succeeded'
    } catch (error) {
      if (error instanceof Terminated || action.type !== 'Compose') throw error
      // What cannot be worked out fails the action, and the workflow goes on by `runAfter`.
      this.result.outputs[name] = null
      return 'Failed'
    }
  }

  evaluate(value: unknown): unknown {
    return evaluate(value, this.functions)
  }

  async wait(seconds: number): Promise<void> {
    await sleep((seconds * 1_000) / this.given.haste)
  }

  http(inputs: unknown): Promise<HttpOutputs | undefined> {
    return sendHttp(this.evaluate(inputs), this.given)
  }

  declare(name: string, value: unknown): void {
    if (this.variables.has(name)) throw new Error(`the variable ${name} is there already`)
    this.variables.set(name, value)
  }

  set(name: unknown, value: unknown): void {
    const known = this.variable(name)
    if (typeof this.variables.get(known) !== typeof value) throw new Error(`${known}: another type`)
    this.variables.set(known, value)
  }

  terminate(error: { code: string; message: string }): never {
    this.result.error = error
    throw new Terminated()
  }

  private variable(name: unknown): string {
    const text = textOf('variables', name)
    if (!this.variables.has(text)) throw new Error(`the variable ${text} is not known`)
    return text
  }
}
