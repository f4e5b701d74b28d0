/** The simulated Nextcloud, with users by the thousand and a way to forget its limits between runs. */
import { type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts'
import { onQuestion, tell } from './answer.ts'

export type Question =
  /** Users `<prefix><from>` … with a mail address and nothing else. */
  | { do: 'create'; prefix: string; from?: number; count: number }
  /** A user with 2 browser sessions and 3 app passwords; all rate limits start anew. */
  | { do: 'furnish'; id: string }
  /** How many Nextcloud calls came since this was last asked, and which tokens the user has. */
  | { do: 'look'; id?: string }
  /** When the list of users was first asked for since that time (ms), and how long it took to answer for all pages. */
  | { do: 'listing'; since: number }

const sandbox = await startSandbox(JSON.parse(process.argv[2]!) as SandboxOptions)
const addUser = (id: string) => sandbox.createUser({ id, email: `${id}@bench.example` })
let seen = 0

onQuestion<Question>((question) => {
  switch (question.do) {
    case 'create': {
      const { prefix, from = 0, count } = question
      for (let n = from; n < from + count; n++) addUser(prefix + n)
      return {}
    }
    case 'furnish': {
      addUser(question.id)
      for (const userAgent of ['Firefox', 'Safari']) sandbox.openBrowserSession(question.id, { userAgent })
      for (const name of ['Phone', 'Laptop', 'Thunderbird']) sandbox.createAppPassword(question.id, name)
      sandbox.resetThrottle()
      return {}
    }
    case 'listing': {
      const pages = sandbox
        .calls()
        .filter(({ name, at }) => name === 'GET /cloud/users/details' && at >= question.since)
      return {
        first: pages[0]?.at,
        pages: pages.length,
        ms: pages.reduce((sum, { at, endedAt }) => sum + endedAt - at, 0)
      }
    }
    case 'look': {
      const last = sandbox.calls().at(-1)?.number ?? 0
      const calls = last - seen
      seen = last
      return {
        calls,
        tokens: question.id === undefined ? [] : sandbox.tokens(question.id),
        mails: question.id === undefined ? 0 : sandbox.mails({ to: `${question.id}@bench.example` }).length
      }
    }
  }
})
tell({ url: sandbox.url, admin: sandbox.admin })
