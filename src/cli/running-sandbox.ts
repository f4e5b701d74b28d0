import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { stateFolderOf } from './state-folder.ts'

export type SandboxAddress = {
  url: string
  smtpUrl: string
  nextcloud: NonNullable<Config['nextcloud']>
}

const fileOf = (config: Config) => join(stateFolderOf(config), 'sandbox')

/** Leaves word of where the sandbox of this checkout listens: other commands look at the same one. */
export function announceSandbox(config: Config, url: string): void {
  try {
    writeFileSync(fileOf(config), `${url}\n`)
  } catch {
    // Nowhere to write: then others start one of their own.
  }
}

/** The sandbox that `serve` of this checkout runs on, if it does just now. */
export async function findRunningSandbox(config: Config): Promise<SandboxAddress | undefined> {
  try {
    const at = readFileSync(fileOf(config), 'utf8').trim()
    const response = await fetch(`${at}/sandbox/api/`, { signal: AbortSignal.timeout(2_000) })
    const said = (await response.json()) as {
      url: string
      smtpUrl: string
      admin: { user: string; password: string }
    }
    return said.url === at ? addressOf(said) : undefined
  } catch {
    return undefined
  }
}

export function addressOf(said: {
  url: string
  smtpUrl: string
  admin: { user: string; password: string }
}): SandboxAddress {
  const url = new URL(said.url)
  return { url: said.url, smtpUrl: said.smtpUrl, nextcloud: { url, publicUrl: url, admins: [said.admin] } }
}
