import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import type { TokenKind } from '../../src/nextcloud/session.ts'
import { occDriver } from '../../src/revocation/occ.ts'
import { plainNode } from '../support/bare.ts'
import { hostileIds, type Subject } from './subject.ts'

const program = fileURLToPath(new URL('fake-occ.ts', import.meta.url))
const kinds = ['session', 'app-password', 'wiped'] as const
const cacheMs = 400

export type Fault = 'noise' | 'away' | 'killed' | 'maintenance' | 'lists-fail'

export type OccSubject = Subject & {
  command: string[]
  set(fault: Fault): void
}

/** A Nextcloud that is there for its occ alone. */
export function occSubject(t: Test): OccSubject {
  const folder = mkdtempSync(join(tmpdir(), 'locksmith-occ-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  for (const part of ['users', 'links', 'tokens']) mkdirSync(join(folder, part))
  const command = [...plainNode, program, folder]
  const driver = occDriver({ command, timeoutMs: 20_000, cacheMs })
  const fileOf = (kind: string, id: string) => join(folder, kind, Buffer.from(id).toString('base64url'))
  let lastId = 0

  /** Whole at any moment: occ may read it. */
  function write(file: string, content: object): void {
    writeFileSync(`${folder}/new`, JSON.stringify(content))
    renameSync(`${folder}/new`, file)
  }
  const rows = () =>
    readdirSync(join(folder, 'tokens')).flatMap((name): { id: number; uid: string; type: number }[] => {
      try {
        return [JSON.parse(readFileSync(join(folder, 'tokens', name), 'utf8'))]
      } catch {
        return [] // occ deleted it a moment ago
      }
    })
  const subject: OccSubject = {
    command,
    can: {
      selects: true,
      deletes: true,
      counts: true,
      oneByOne: true,
      killsLinks: true,
      knowsUsers: true,
      sparesLateWipes: true,
      waits: cacheMs,
      similarIds: ['Alice', 'alice ', 'ali%', 'a_ice'],
      hostileIds
    },
    driver: () => driver,
    addUser: async (id) => writeFileSync(fileOf('users', id), ''),
    addTokens: async (uid, seeds) =>
      seeds.map(({ kind, lastActivity = new Date() }) => {
        const id = ++lastId
        write(join(folder, 'tokens', `${id}.json`), {
          id,
          uid,
          name: `Device ${id}`,
          lastActivity: Math.floor(lastActivity.getTime() / 1_000),
          type: kinds.indexOf(kind)
        })
        return id
      }),
    tokens: async (userId) =>
      rows()
        .filter(({ uid }) => uid === userId)
        .map(({ id, type }) => ({ id, kind: kinds[type] as TokenKind })),
    async markWiped(id) {
      const row = rows().find((row) => row.id === id)
      if (row) write(join(folder, 'tokens', `${id}.json`), { ...row, type: 2 })
    },
    mailLink: async (id) => writeFileSync(fileOf('links', id), ''),
    hasLink: async (id) => existsSync(fileOf('links', id)),
    breakOff: async () => subject.set('killed'),
    async mend() {
      for (const fault of ['noise', 'away', 'killed', 'maintenance', 'lists-fail'])
        rmSync(join(folder, fault), { force: true })
    },
    loseReadBack: async () => subject.set('lists-fail'),
    set: (fault) => writeFileSync(join(folder, fault), '')
  }
  return subject
}
