import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config } from '../config.ts'

/** Where this checkout keeps what it needs on a bare machine; made if it is not there. */
export function stateFolderOf(config: Config): string {
  const folder = config.STATE_FOLDER ?? usualFolder()
  mkdirSync(folder, { recursive: true, mode: 0o711 })
  return folder
}

/** Root's PostgreSQL runs as another user, who cannot look into every checkout: hence a folder outside. */
function usualFolder(): string {
  const project = fileURLToPath(new URL('../..', import.meta.url))
  if (process.getuid?.() !== 0) return join(project, '.locksmith/postgres')
  return join('/var/lib/locksmith', Buffer.from(project).toString('base64url'))
}
