import { fetch } from 'undici'

/**
 * Whether people reach the pages that mails of campaigns lead to: looked for the way they go, and another server at that
 * address is not taken for ours. @param origin without a slash at its end
 */
export async function isConfirmPageAt(origin: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(`${origin}/confirm/check`, { redirect: 'error', signal })
    // Never more than ours has: what is there may be anything.
    const { done, value } = (await response.body?.getReader().read()) ?? { done: true }
    if (done || response.status !== 200) return false
    const body = JSON.parse(Buffer.from(value as Uint8Array).toString()) as { service?: unknown } | null
    return body?.service === 'locksmith'
  } catch {
    return false
  }
}
