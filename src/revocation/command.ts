import { spawn } from 'node:child_process'
import { basename } from 'node:path'

/** How a run ended. `code` of `not-started` is the system's: ENOENT, EACCES, EMFILE … */
export type Ended =
  | { kind: 'exited'; code: number; stdout: string; stderr: string }
  | { kind: 'not-started'; code: string }
  | { kind: 'timed-out' }
  | { kind: 'too-much' }
  | { kind: 'killed'; signal: string }

export type RunOptions = {
  timeoutMs: number
  /** Most of standard output and of standard error, each. Default 8 MiB: a thousand tokens are less than 1. */
  mostBytes?: number
  env?: NodeJS.ProcessEnv
}

/**
 * What docker, kubectl, podman, ssh and php need of our environment. Everything else stays here, our secrets above all;
 * who needs more writes it into the command: `env NAME=value docker exec …`.
 */
const passedOn = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TMPDIR', 'SSH_AUTH_SOCK'],
  ...['XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME', 'CONTAINER_HOST'],
  ...['DOCKER_HOST', 'DOCKER_CONFIG', 'DOCKER_CONTEXT', 'DOCKER_CERT_PATH', 'DOCKER_TLS_VERIFY'],
  ...['KUBECONFIG', 'KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT']
]

const environmentOf = (env: NodeJS.ProcessEnv) =>
  Object.fromEntries(passedOn.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])))

/**
 * The words to start: `args` go to the program as they are, since there is no shell here. ssh is the exception: it joins
 * its words and hands them to a shell at the other end, so each of `args` is quoted for it. The words of `command` are
 * never changed.
 */
export function wordsOf(command: string[], args: string[]): string[] {
  return basename(command[0] ?? '') === 'ssh' ? [...command, ...args.map(quoted)] : [...command, ...args]
}

/** For a POSIX shell: nothing within single quotes means anything. */
const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`

/**
 * Runs a program without a shell, with nothing on its standard input, in a process group of its own, which is killed when
 * its time is over or it says too much: what it starts on this machine ends with it. What runs elsewhere (in a container,
 * behind ssh) may go on: then its effect is unknown. Starts before it returns; never rejects.
 */
export function run([program = '', ...args]: string[], options: RunOptions): Promise<Ended> {
  const { timeoutMs, mostBytes = 8 * 1024 * 1024, env = process.env } = options
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException) =>
      resolve({ kind: 'not-started', code: error.code ?? error.name })
    let child: ReturnType<typeof start>
    try {
      child = start(program, args, env)
    } catch (error) {
      return failed(error as NodeJS.ErrnoException)
    }
    let broken: 'timed-out' | 'too-much' | undefined
    const end = (why: typeof broken) => {
      broken ??= why
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      } catch {} // It has ended already; a child of its own may still hold the pipes.
      child.stdout.destroy()
      child.stderr.destroy()
    }
    const timer = setTimeout(() => end('timed-out'), timeoutMs)
    const stdout = collect(child.stdout, mostBytes, () => end('too-much'))
    const stderr = collect(child.stderr, mostBytes, () => end('too-much'))
    child.on('error', (error) => {
      clearTimeout(timer)
      failed(error)
    })
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      if (broken) resolve({ kind: broken })
      else if (code === null) resolve({ kind: 'killed', signal: signal ?? '' })
      else resolve({ kind: 'exited', code, stdout: stdout(), stderr: stderr() })
    })
  })
}

const start = (program: string, args: string[], env: NodeJS.ProcessEnv) =>
  spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env: environmentOf(env) })

function collect(stream: NodeJS.ReadableStream, mostBytes: number, tooMuch: () => void): () => string {
  const chunks: Buffer[] = []
  let bytes = 0
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > mostBytes) return tooMuch()
    chunks.push(chunk)
  })
  stream.on('error', () => {})
  return () => Buffer.concat(chunks).toString('utf8')
}
