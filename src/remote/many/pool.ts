/**
 * Works on `items`, `parallel` at once. Nothing new is begun once `stop` is aborted, or once one has thrown: that is
 * thrown in the end, when all that was begun is over.
 */
export async function inParallel<T>(
  items: T[],
  parallel: number,
  stop: AbortSignal,
  work: (item: T) => Promise<void>
): Promise<void> {
  const queue = items.values()
  let failure: { error: unknown } | undefined
  const worker = async () => {
    for (const item of queue) {
      if (stop.aborted || failure) return
      try {
        await work(item)
      } catch (error) {
        failure ??= { error }
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(parallel, items.length) }, worker))
  if (failure) throw failure.error
}
