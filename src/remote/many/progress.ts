import { SingleBar } from 'cli-progress'
import type { Io } from '../io.ts'

/** How far it is. On a terminal a bar, elsewhere a line now and then. */
export type Progress = { step(failed: boolean): void; end(): void }

const lineEveryMs = 10_000

export function createProgress({ stderr }: Io, what: string, total: number): Progress {
  const begun = performance.now()
  let done = 0
  let failures = 0
  const rate = () => done / Math.max(0.001, (performance.now() - begun) / 1_000)
  const told = () => ({ failures, rate: rate().toFixed(rate() < 10 ? 1 : 0) })
  const count = (failed: boolean) => {
    done++
    if (failed) failures++
  }
  if (!stderr.isTTY) {
    let last = begun
    const line = () => {
      const left = duration((total - done) / Math.max(0.001, rate()))
      const { rate: perSecond } = told()
      stderr.write(`${what}: ${done} of ${total}, ${failures} failed, ${perSecond}/s, about ${left} left\n`)
    }
    return {
      step(failed) {
        count(failed)
        if (performance.now() - last < lineEveryMs || done === total) return
        last = performance.now()
        line()
      },
      end() {}
    }
  }
  const bar = new SingleBar({
    format: `${what} {bar} {value}/{total} · {rate}/s · {eta_formatted} left · {failures} failed`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    stream: stderr as NodeJS.WritableStream,
    etaBuffer: 50,
    barsize: 24,
    // Signals are ours: Ctrl-C lets what was begun end.
    gracefulExit: false,
    hideCursor: false
  })
  bar.start(total, 0, told())
  return {
    step(failed) {
      count(failed)
      bar.update(done, told())
    },
    end: () => bar.stop()
  }
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  return seconds < 5_400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`
}
