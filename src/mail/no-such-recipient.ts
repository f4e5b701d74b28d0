/**
 * Status codes (RFC 3463, and its registry) by which a server says for good that nobody can be reached under that
 * address: unknown mailbox (5.1.0, .1), unknown domain (.2), no valid address (.3), moved away (.6), a domain
 * without mail (.10, by which Exchange also means an unknown mailbox), a mailbox that is switched off (5.2.1).
 */
const statuses = new Set(['5.1.0', '5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1'])

/**
 * What servers also say with such a code, and mean us or our mail: an unknown return path above all, which Postfix
 * refuses as 5.1.0 in its answer to the recipient.
 */
const aboutUs = /\b(sender|return[- ]path|mail from|reverse[- ]path)\b/i
/** The same of answers without a status, where the words are all there is. */
const aboutPolicy =
  /relay|spam|block|black|\b(dns|r)bl\b|policy|denied|prohibited|quota|full|\bsize|gr[ea]y|spf|dkim|dmarc|reputation|authenticat|\brate\b/i
/** Addresses have words in them, too. Read once from left to right, however long and hostile the line is. */
const withoutAddresses = (line: string) =>
  line
    .replace(/<[^<>]*>/g, '')
    .split(/\s/)
    .filter((word) => !/.@./.test(word))
    .join(' ')

/** The first status (`5.1.1`) in a server's line. */
export const statusIn = (line: string): string | undefined =>
  /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])/.exec(line)?.[0]

/**
 * Does this status, with what the server said beside it, mean that there is no such recipient?
 * @param status `5.1.1`
 */
export const isNoSuchRecipient = (status: string, said: string): boolean =>
  statuses.has(status) && !aboutUs.test(withoutAddresses(said))

/**
 * The same of a server's answer to the recipient (RCPT), with or without a status. At no other stage does a bare
 * 550 mean the recipient.
 * @param answer `550 5.1.1 <lea@example.org>: User unknown`
 */
export function refusesRecipient(answer: string): boolean {
  const [, code, status] = /^(5\d\d)[ -]?([245]\.\d{1,3}\.\d{1,3}(?![\d.]))?/.exec(answer) ?? []
  if (!code) return false
  const said = status ?? statusIn(answer)
  if (said) return isNoSuchRecipient(said, answer)
  const words = withoutAddresses(answer)
  return ['550', '551', '553'].includes(code) && !aboutUs.test(words) && !aboutPolicy.test(words)
}
