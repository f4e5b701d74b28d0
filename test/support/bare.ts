import { resolve } from 'node:path'

const { PATH, NODE_COMPILE_CACHE: cache } = process.env

/** The environment of a program that gets nothing of ours but what it is told: Node finds there what it compiled before. */
export const bare: Record<string, string> = {
  PATH: PATH!,
  ...(cache && { NODE_COMPILE_CACHE: resolve(cache) })
}

/** For a command whose environment is another's: tap does not load itself into it. */
export const plainNode = [
  '/usr/bin/env',
  '-u',
  'NODE_OPTIONS',
  ...Object.entries(bare).map(([name, value]) => `${name}=${value}`),
  process.execPath
]
