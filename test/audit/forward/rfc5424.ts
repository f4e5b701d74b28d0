/** Takes nothing but what the RFCs say. */
export type Received = {
  priority: number
  timestamp: string
  hostname: string
  appName: string
  procId: string
  msgId: string
  data: Record<string, Record<string, string>>
  message: string
}

const header =
  /^<(0|[1-9]\d{0,2})>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)|-) ([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) /
const sdName = '[!#-<>-\\\\^-~]{1,32}'
const sdValue = '"((?:[^"\\\\\\]]|\\\\["\\\\\\]])*)"'
const param = new RegExp(` (${sdName})=${sdValue}`, 'g')
const element = new RegExp(`^\\[(${sdName})((?: ${sdName}=${sdValue})*)\\]`)

/** @throws where it is no SYSLOG-MSG (RFC 5424, section 6) with structured data and a message in ASCII */
export function parseStrictly(bytes: Buffer): Received {
  const text = bytes.toString('latin1')
  const [start, priority, timestamp, hostname, appName, procId, msgId] = header.exec(text) ?? []
  if (start === undefined || Number(priority) > 191)
    throw new Error(`no header of RFC 5424: ${text.slice(0, 200)}`)
  let rest = text.slice(start.length)
  const data: Received['data'] = {}
  for (let found = element.exec(rest); found; found = element.exec(rest)) {
    const [whole, id, params] = found
    if (data[id!]) throw new Error(`${id} twice`)
    data[id!] = Object.fromEntries(
      [...params!.matchAll(param)].map(([, name, value]) => [name, value!.replace(/\\(.)/g, '$1')])
    )
    rest = rest.slice(whole.length)
  }
  // MSG-ANY: without the mark that would say that it is UTF-8 it is nothing but ASCII.
  if (Object.keys(data).length === 0 || !/^ [ -~]*$/.test(rest))
    throw new Error(`no structured data, or a message that is not printable ASCII: ${rest.slice(0, 200)}`)
  return {
    priority: Number(priority),
    timestamp: timestamp!,
    hostname: hostname!,
    appName: appName!,
    procId: procId!,
    msgId: msgId!,
    data,
    message: rest.slice(1)
  }
}

/**
 * Takes the whole frames off the beginning (RFC 6587, 3.4.1): MSG-LEN, which begins with no 0, a space, the message.
 * @returns what is left, the beginning of a frame
 * @throws where it is none
 */
export function takeFrames(bytes: Buffer, onMessage: (message: Buffer) => void): Buffer {
  let rest = bytes
  for (;;) {
    const head = rest.subarray(0, 12).toString('latin1')
    if (!/^(?:[1-9]\d{0,9}(?: |$)|$)/.test(/^\d*(?: |$)/.exec(head)?.[0] ?? 'x'))
      throw new Error(`no frame: ${head}`)
    const space = head.indexOf(' ')
    const end = space < 0 ? Number.POSITIVE_INFINITY : space + 1 + Number(head.slice(0, space))
    if (end > rest.length) return rest
    onMessage(rest.subarray(space + 1, end))
    rest = rest.subarray(end)
  }
}
