/** The data of server-sent events (WHATWG HTML, 9.2), one at a time. */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  let rest = ''
  // Two copies of the types of one class: the browser's and Node's.
  const texts = body.pipeThrough(
    new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>
  )
  for await (const text of texts) {
    const events = (rest + text).split(/\r?\n\r?\n/)
    rest = events.pop()!
    for (const event of events) {
      const data = event
        .split(/\r?\n/)
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).replace(/^ /, ''))
      if (data.length > 0) yield data.join('\n')
    }
  }
}
