import type { NextcloudVersion } from './model/quirks.ts'
import type { Settings } from './model/settings.ts'

export interface Admin {
  user: string
  password: string
}

export interface SandboxOptions {
  /** Default 34. */
  version?: NextcloudVersion
  /** Where to listen. Default 127.0.0.1. */
  host?: string
  /** 0, the default, takes any free port. */
  port?: number
  smtpPort?: number
  /** Create the newcomers' users (alice, bob …). Default false. */
  seed?: boolean
  /** Added to every Nextcloud call, in milliseconds. */
  latencyMs?: number
  /** How people reach it: trusted, and shown in links that nobody's request decides. */
  publicHost?: string
  /** Trusted besides the address it listens on, `localhost` and `publicHost`. */
  trustedDomains?: string[]
  admin?: Admin
  /** Where time comes from (milliseconds since 1970). Default Date.now. */
  clock?: () => number
  /** So many times faster than real time. Default 1. */
  clockSpeed?: number
  /**
   * time = epoch + (real − epoch) × speed: give other processes both numbers, and they have the same clock.
   * Milliseconds since 1970. Default: the start.
   */
  clockEpoch?: number
  /**
   * 31 only: brute-force delays are really waited for (at the clock's speed) instead of moving the clock. Default:
   * only with another speed than 1, since nobody else's clock would move along.
   */
  realDelays?: boolean
  /** Anything else to start with. */
  settings?: Partial<Settings>
}

/** The password of the sandbox's admin, known to everybody. */
export const sandboxAdmin: Admin = { user: 'admin', password: 'sandbox-admin-password' }
