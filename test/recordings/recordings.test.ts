import t from 'tap'
import { type NextcloudVersion, startSandbox } from '../../src/sandbox/index.ts'
import { arrange } from './circumstances.ts'
import {
  comparedHeaders,
  inOneOrder,
  type ListedToken,
  normaliseHeader,
  normaliseJson,
  normalisePage
} from './normalise.ts'
import { readRecording, recordedScenarios, type Step, scenarios } from './recording.ts'
import { type Answer, Replay } from './replay.ts'

const versions: Record<string, NextcloudVersion> = { '31.0.2': 31, '33.0.3': 33, '34.0.1': 34 }

for (const [recorded, version] of Object.entries(versions)) {
  t.test(`the sandbox answers as the recorded Nextcloud ${recorded}`, async (t) => {
    const sandbox = await startSandbox({ version })
    t.teardown(() => sandbox.close())
    t.strictSame(recordedScenarios(recorded), scenarios.toSorted(), 'no recording is left out')
    for (const scenario of scenarios) {
      await t.test(scenario, async (t) => {
        const { steps } = readRecording(recorded, scenario)
        const replay = new Replay(sandbox, scenario)
        arrange(sandbox, recorded, scenario)
        for (const [index, step] of steps.entries()) {
          const answer = await replay.send(step)
          learnTokenIds(replay, step, answer)
          t.strictSame(
            seen(withoutUnkept(answer, step), replay),
            expected(step),
            `${index + 1}. ${step.note}`
          )
        }
        t.ok(steps.length > 0, `all ${steps.length} recorded steps were compared`)
      })
    }
  })
}

/** The first recordings did not keep the list of passkeys; of WebDAV's answers none kept more than the status. */
function withoutUnkept(answer: Answer, { request, response }: Step): Answer {
  if (request.method === 'PROPFIND') return { ...answer, body: '' }
  if (response.body.includes('settings-webauthn-devices')) return answer
  const body = answer.body.replace(/<input[^>]*initial-state-settings-webauthn-devices[^>]*>/, '')
  return { ...answer, body }
}

function expected({ response }: Step): unknown {
  const headers = comparedHeaders.map((name) => [name, response.headers[name]])
  return view(response.status, headers, response.body)
}

function seen({ status, headers, body }: Answer, replay: Replay): unknown {
  const kept = comparedHeaders.map((name) => {
    const value = headers.get(name)
    return [name, value === null ? undefined : replay.scrub(value)]
  })
  return view(status, kept, body)
}

function view(status: number, headers: (string | undefined)[][], body: string): unknown {
  const present = headers.filter((pair): pair is [string, string] => pair[1] !== undefined)
  const type = present.find(([name]) => name === 'content-type')?.[1] ?? ''
  return {
    status,
    headers: Object.fromEntries(present.map(([name, value]) => [name, normaliseHeader(name, value)])),
    body: type.includes('json')
      ? normaliseJson(JSON.parse(body))
      : type.includes('html')
        ? normalisePage(body)
        : body
  }
}

/** The recorded ids of tokens stand for those that the sandbox lists at the same places. */
function learnTokenIds(replay: Replay, step: Step, answer: Answer): void {
  const ids = (body: string): number[] => {
    const value = /id="initial-state-settings-app_tokens" value="([^"]*)"/.exec(body)?.[1]
    return value ? inOneOrder<ListedToken>(JSON.parse(atob(value))).map(({ id }) => id) : []
  }
  const own = ids(answer.body)
  for (const [place, id] of ids(step.response.body).entries())
    replay.tokenIds.set(String(id), String(own[place]))
}
