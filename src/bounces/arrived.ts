import { simpleParser } from 'mailparser'

/** A message that came in, as far as it matters here. */
export type Arrived = {
  /** By name in lower case; unfolded, as often as it stands there. */
  headers: Map<string, string[]>
  text: string
  /** Machine-readable parts of bounces (message/delivery-status). */
  reports: string[]
  /** What came back with it: whole messages, or their headers. */
  originals: string[]
}

const reportTypes = /^message\/(global-)?delivery-status$/
const originalTypes = /^(message\/(rfc822|global|rfc822-headers|global-headers)|text\/rfc822-headers)$/

/**
 * Reads MIME that anybody may have written.
 * @param source may be cut off at its end
 * @throws for what is no message, or has heads or parts beyond all measure
 */
export async function parseArrived(source: Buffer): Promise<Arrived> {
  const parsed = await simpleParser(source, {
    // What a bounce tells us is in its parts; nothing is made of its HTML.
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipTextLinks: true,
    skipImageLinks: true,
    keepCidLinks: true,
    checksumAlgo: false,
    keepDeliveryStatus: true,
    // Texts of a message that came back are not texts of the bounce.
    ignoreEmbedded: true,
    maxHeadSize: 128 * 1024,
    maxChildNodes: 100
  })
  const partsOf = (types: RegExp) =>
    parsed.attachments
      .filter(({ contentType }) => types.test(contentType.toLowerCase()))
      .map(({ content }) => content.toString('utf8'))
  return {
    headers: headersIn(parsed.headerLines.map(({ line }) => line).join('\n')),
    text: parsed.text ?? '',
    reports: partsOf(reportTypes),
    originals: partsOf(originalTypes)
  }
}

/** The headers at the beginning of a message, or the fields of one group of a report. */
export function headersIn(text: string): Arrived['headers'] {
  const headers: Arrived['headers'] = new Map()
  const [head = ''] = text.replaceAll('\r', '').split('\n\n', 1)
  for (const line of head.replace(/\n[ \t]+/g, ' ').split('\n')) {
    const colon = line.indexOf(':')
    if (colon < 1) continue
    const name = line.slice(0, colon).trim().toLowerCase()
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()])
  }
  return headers
}
