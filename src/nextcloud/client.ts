import { readOcs } from './answer.ts'
import { NextcloudError } from './errors.ts'
import type { CredentialGate } from './gate.ts'
import { instanceCalls } from './instance.ts'
import { lostPasswordCalls } from './lost-password.ts'
import { sessionCalls } from './session.ts'
import { createSlots } from './slots.ts'
import {
  type Answer,
  type Call,
  type Credentials,
  createTransport,
  type TransportOptions
} from './transport.ts'
import { userCalls } from './users.ts'
import type { Wire } from './wire.ts'

export type NextcloudOptions = TransportOptions & {
  admin: Credentials
  /** Keeps a refused credential from being tried again. */
  gate: CredentialGate
}

export type Nextcloud = ReturnType<typeof createNextcloud>

/** Calls of the admin under way at one time in this process; Nextcloud hashes a password for each. */
const atOnce = 4

/** One Nextcloud, as Locksmith's admin account sees it, and as a user whose password was just set. */
export function createNextcloud({ admin, gate, ...options }: NextcloudOptions) {
  const transport = createTransport(options)

  const slots = createSlots(atOnce)
  const firstSlot = createSlots(1)
  let proven = false

  /**
   * The gate is asked inside a slot, right before sending: of a backlog nothing is sent after a refusal, and
   * no more than a few calls can be refused before the first refusal is known (fact 7: eleven block us).
   */
  async function asAdmin<T>(call: Call, read: (call: Call, answer: Answer) => T): Promise<T> {
    // Until Nextcloud has taken the credential once, one call at a time: a wrong one fails once.
    return (proven ? slots : firstSlot).within(call.signal, async () => {
      await gate.assertOpen()
      const sent = { ...call, auth: admin }
      try {
        const result = read(sent, await transport.send(sent))
        proven = true
        return result
      } catch (error) {
        if (error instanceof NextcloudError && error.variant === 'credentials-refused') {
          proven = false
          await gate.refused(error)
        }
        throw error
      }
    })
  }

  const wire: Wire = {
    publicUrl: options.publicUrl,
    send: (call) => transport.send(call),
    ocs: (call) => asAdmin(withJsonFormat(call), readOcs),
    admin: (call) =>
      asAdmin(call, (sent, answer) => {
        if (answer.status === 401) readOcs(sent, answer)
        return answer
      })
  }
  return {
    publicUrl: options.publicUrl,
    adminUser: admin.user,
    /** Whether the admin account was refused, from what we remember: Nextcloud is not asked. */
    isRefused: () =>
      gate.assertOpen().then(
        () => false,
        () => true
      ),
    ...userCalls(wire),
    ...instanceCalls(wire),
    ...sessionCalls(wire),
    ...lostPasswordCalls(wire),
    close: () => transport.close()
  }
}

/** Without `format=json` errors before routing come as XML. */
function withJsonFormat(call: Call): Call {
  return { ...call, path: `/ocs/v2.php${call.path}${call.path.includes('?') ? '&' : '?'}format=json` }
}
