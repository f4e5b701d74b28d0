import { type ForwardAddress, isHeaderValue, parseEndpoint, parseForwardUrl } from './forward/target.ts'

/** What leaves the house, and where to. */
export type AuditSettings = {
  checkpoints: { everySeconds: number; file?: string; endpoint?: { url: URL; authorization?: string } }
  forward?: { address: ForwardAddress; authorization?: string }
}

type Given = {
  AUDIT_CHECKPOINT_FILE?: string
  AUDIT_CHECKPOINT_URL?: string
  AUDIT_CHECKPOINT_AUTHORIZATION?: string
  AUDIT_CHECKPOINT_SECONDS: number
  AUDIT_FORWARD_URL?: string
  AUDIT_FORWARD_AUTHORIZATION?: string
}

/** @param faults is told what is wrong, each by the name of its variable and without its value */
export function readAuditSettings(given: Given, faults: string[]): AuditSettings {
  const url = read(given.AUDIT_CHECKPOINT_URL, parseEndpoint)
  if (url === 'none')
    faults.push('AUDIT_CHECKPOINT_URL must be of the form https://…; http:// is for loopback only.')
  const address = read(given.AUDIT_FORWARD_URL, parseForwardUrl)
  if (address === 'none')
    faults.push(
      'AUDIT_FORWARD_URL must be of the form syslog+tls://host:6514, syslog+tcp://host:514 or https://….'
    )
  for (const name of ['AUDIT_CHECKPOINT', 'AUDIT_FORWARD'] as const) {
    const authorization = given[`${name}_AUTHORIZATION`]
    if (authorization === undefined) continue
    if (!isHeaderValue(authorization)) faults.push(`${name}_AUTHORIZATION cannot be the value of a header.`)
    if (given[`${name}_URL`] === undefined)
      faults.push(`${name}_URL is missing: ${name}_AUTHORIZATION alone does nothing.`)
  }
  const { AUDIT_CHECKPOINT_FILE: file, AUDIT_CHECKPOINT_SECONDS: everySeconds } = given
  return {
    checkpoints: {
      everySeconds,
      ...(file !== undefined && { file }),
      ...(url !== undefined &&
        url !== 'none' && { endpoint: { url, ...as(given.AUDIT_CHECKPOINT_AUTHORIZATION) } })
    },
    ...(address !== undefined &&
      address !== 'none' && { forward: { address, ...as(given.AUDIT_FORWARD_AUTHORIZATION) } })
  }
}

const read = <T>(text: string | undefined, parse: (text: string) => T | undefined) =>
  text === undefined ? undefined : (parse(text) ?? 'none')

const as = (authorization: string | undefined) => authorization !== undefined && { authorization }
