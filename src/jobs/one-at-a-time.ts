/** Work that may take long, done beside a loop which others wait for. */
export type Beside = {
  /** Unless it is at work already. */
  start(onError: (error: unknown) => void): void
  /** Once what is at work has ended. */
  ended(): Promise<void>
}

export function oneAtATime(work: () => Promise<void>): Beside {
  let running: Promise<void> | undefined
  return {
    start(onError) {
      running ??= work()
        .catch(onError)
        .finally(() => {
          running = undefined
        })
    },
    ended: async () => running
  }
}
