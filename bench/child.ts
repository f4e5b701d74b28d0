import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A program of `bench/programs/` in a process of its own, which says once that it is ready and then answers. */
export type Child = {
  /** What it said when it was ready. */
  // biome-ignore lint/suspicious/noExplicitAny: each program says what it has to say
  ready: any
  /** One question at a time. @throws where the program ends instead of answering */
  // biome-ignore lint/suspicious/noExplicitAny: see above
  ask(question: object): Promise<any>
  stop(): Promise<void>
}

type Options = { args?: string[]; nodeArgs?: string[]; env?: Record<string, string> }

/** Its standard output is thrown away, as a log is that goes to a file: nothing here waits for it. */
export async function startChild(program: string, { args = [], nodeArgs = [], env = {} }: Options = {}) {
  const path = fileURLToPath(new URL(`programs/${program}.ts`, import.meta.url))
  const child = fork(path, args, {
    execArgv: nodeArgs,
    env: { ...ownEnvironment(), ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // Ctrl-C is for us, who then end it in order.
    detached: true
  })
  const answer = async () => {
    const listening = new AbortController()
    try {
      return await Promise.race([
        once(child, 'message', listening).then(([message]) => message),
        once(child, 'exit', listening).then(([code, signal]) => {
          throw new Error(`${program} ended (${code ?? signal})`)
        })
      ])
    } finally {
      listening.abort()
    }
  }
  const started: Child = {
    ready: await answer(),
    ask(question) {
      const said = answer()
      child.send(question)
      return said
    },
    stop: () => stop(child)
  }
  return started
}

/** Settings of whoever runs the bench, such as a real NEXTCLOUD_URL, must not leak into it. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, TZ } = process.env
  return { PATH, HOME, TMPDIR, TZ, NODE_ENV: 'production' }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const kill = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await ended
  clearTimeout(kill)
}
