import { setTimeout as sleep } from 'node:timers/promises'
import { type Json, oneOf, only, textOf } from '../strict.ts'

export type HttpOutputs = { statusCode: number; headers: Json; body: unknown }

/** The action HTTP, with its retries. @returns undefined where there was no answer */
export async function sendHttp(
  inputs: unknown,
  { haste, isProblemJson }: { haste: number; isProblemJson: boolean }
): Promise<HttpOutputs | undefined> {
  const { method, uri, headers, body, retryPolicy } = only('Http', inputs, [
    'method',
    'uri',
    'headers',
    'body',
    'retryPolicy'
  ])
  const { type, count, interval } = only('Http', retryPolicy, ['type', 'count', 'interval'])
  oneOf('Http', type, 'exponential')
  const seconds = Number(/^PT(\d+)S$/.exec(textOf('Http', interval))![1])
  for (let tried = 0; ; tried++) {
    const answer = await fetch(textOf('Http', uri), {
      method: textOf('Http', method),
      headers: headers as Record<string, string>,
      ...(body !== undefined && { body: JSON.stringify(body) })
    }).catch(() => undefined)
    const isPassing = !answer || [408, 429].includes(answer.status) || answer.status >= 500
    if (isPassing && tried < Number(count)) {
      await sleep((seconds * 1_000 * 2 ** tried) / haste)
      continue
    }
    return answer && (await outputsOf(answer, isProblemJson))
  }
}

async function outputsOf(answer: Response, isProblemJson: boolean): Promise<HttpOutputs> {
  const type = answer.headers.get('content-type') ?? ''
  const text = await answer.text()
  const isJson =
    type.startsWith('application/json') || (isProblemJson && /^application\/\S+\+json/.test(type))
  return {
    statusCode: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: isJson
      ? JSON.parse(text)
      : type.startsWith('text/')
        ? text
        : { '$content-type': type, $content: Buffer.from(text).toString('base64') }
  }
}
