/** How a program of the bench speaks to it: ready once, then an answer to each question. */
export function tell(answer: object): void {
  process.send!(answer)
}

/** Ends with the bench, however that ends. */
export function onQuestion<Q>(handle: (question: Q) => Promise<object> | object): void {
  process.on('message', async (question) => tell(await handle(question as Q)))
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
}
