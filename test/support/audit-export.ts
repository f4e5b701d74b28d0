import { createPrivateKey, createPublicKey, hash, type KeyObject, sign } from 'node:crypto'

/** Audit logs and their exports, made from the format alone, with no code of src/. */

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
type Members = { [name: string]: Json }
export interface Row {
  type: 'event'
  index: number
  hash: string
  entry: Members
  salt: string | null
  personal: Members | null
  erased: string[]
}
export type Shape = { at?: number[]; pruned?: number; filter?: Members | null }
export type Line = Row | (Members & { type: string })

const sha = (...parts: (string | Uint8Array)[]): string =>
  hash('sha256', Buffer.concat(parts.map((part) => Buffer.from(part as string))), 'hex')
const hex = (text: string) => Buffer.from(text, 'hex')

/** Members sorted, no white space. */
export const canonical = (value: Json): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const names = Object.keys(value).sort()
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name]!)}`).join(',')}}`
}

export const leaf = (data: string | Uint8Array): string => sha(Buffer.of(0), data)
/** The greatest power of two below n. */
const split = (n: number, k = 1): number => (2 * k < n ? split(n, 2 * k) : k)
export const root = (leaves: string[]): string => {
  if (leaves.length < 2) return leaves[0] ?? sha('')
  const { left, right } = halves(leaves)
  return sha(Buffer.of(1), hex(root(left)), hex(root(right)))
}
const halves = (leaves: string[]) => {
  const k = split(leaves.length)
  return { k, left: leaves.slice(0, k), right: leaves.slice(k) }
}
export const inclusion = (m: number, leaves: string[]): string[] => {
  if (leaves.length === 1) return []
  const { k, left, right } = halves(leaves)
  return m < k ? [...inclusion(m, left), root(right)] : [...inclusion(m - k, right), root(left)]
}
export const consistency = (m: number, leaves: string[], whole = true): string[] => {
  if (m === 0) return []
  if (m === leaves.length) return whole ? [] : [root(leaves)]
  const { k, left, right } = halves(leaves)
  if (m <= k) return [...consistency(m, left, whole), root(right)]
  return [...consistency(m - k, right, false), root(left)]
}
export const frontier = (leaves: string[]): string[] => {
  const k = 2 ** Math.floor(Math.log2(leaves.length))
  return leaves.length === 0 ? [] : [root(leaves.slice(0, k)), ...frontier(leaves.slice(k))]
}

export class Signer {
  readonly name: string
  readonly vkey: string
  readonly #id: string
  readonly #key: KeyObject

  constructor(name: string, seed = sha(name)) {
    const der = Buffer.concat([hex('302e020100300506032b657004220420'), hex(seed)])
    this.#key = createPrivateKey({ key: der, type: 'pkcs8', format: 'der' })
    const jwk = createPublicKey(this.#key).export({ format: 'jwk' })
    const typed = Buffer.concat([Buffer.of(1), Buffer.from(jwk.x!, 'base64url')])
    this.name = name
    this.#id = sha(`${name}\n`, typed).slice(0, 8)
    this.vkey = `${name}+${this.#id}+${typed.toString('base64')}`
  }

  /** One signature line over the text. */
  line(text: string): string {
    const signature = Buffer.concat([hex(this.#id), sign(null, Buffer.from(text), this.#key)])
    return `\u2014 ${this.name} ${signature.toString('base64')}\n`
  }

  checkpoint(leaves: string[], ...others: Signer[]): string {
    const text = `${this.name}\n${leaves.length}\n${hex(root(leaves)).toString('base64')}\n`
    return `${text}\n${[this, ...others].map((signer) => signer.line(text)).join('')}`
  }
}

/** A small generator of numbers that are always the same for one seed (mulberry32). */
export const random = (seed: number) => (below: number) => {
  seed = (seed + 0x6d2b79f5) | 0
  let x = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x
  return ((x ^ (x >>> 14)) >>> 0) % below
}

export const hashed = (row: Row): Row => ({ ...row, hash: leaf(canonical(row.entry)) })

export class Log {
  readonly rows: Row[] = []
  readonly signer: Signer
  readonly #next: (below: number) => number
  readonly #seed: number
  #seq = 0

  constructor(size: number, seed: number, signer = new Signer('audit.example.org')) {
    this.signer = signer
    this.#seed = seed
    this.#next = random(seed)
    while (this.rows.length < size)
      this.add('step.done', { step: this.rows.length, names: ['\u00e9', '\u{1f511}', 'x\n"'] })
  }

  /** The leaves that there are now, or the first of them. */
  leaves(size = this.rows.length): string[] {
    return this.rows.slice(0, size).map(({ hash }) => hash)
  }

  add(action: string, details: Members): Row {
    const index = this.rows.length
    this.#seq += 1 + this.#next(3)
    const salt = sha(`${this.#seed} ${index}`).slice(0, 32)
    const reason = { reason: 'gone' }
    const some = {
      actor: `user:u${this.#next(5)}`,
      sourceAddress: '10.0.0.7',
      '\u20ac': 1,
      '\r': 2,
      details: reason
    }
    const personal: Members = this.#next(3) ? some : {}
    const entry: Members = {
      v: 1,
      seq: this.#seq,
      at: new Date(1e12 + index * 1000).toISOString().replace('Z', '123Z'),
      action,
      actor: 'user',
      operationId: this.#next(2) ? '7f3b1c1e-0d1c-4a57-9d5f-4f4cf5a7a111' : null,
      campaignId: null,
      requestId: `req-${index}`,
      details,
      personal: sha(hex(salt), canonical(personal))
    }
    const row: Row = { type: 'event', index, hash: '', entry, salt, personal, erased: [] }
    this.rows.push(hashed(row))
    return row
  }

  /** Erases the personal members of these rows, and accounts for it. */
  erase(pseudonym: string, indexes: number[]): void {
    for (const index of indexes) {
      const row = this.rows[index]!
      const erased = [...row.erased, pseudonym]
      this.rows[index] = { ...row, salt: null, personal: { actor: pseudonym }, erased }
    }
    const rows = sha(indexes.map((index) => this.rows[index]!.entry.seq).join(','))
    this.add('audit.pseudonymised', { pseudonym, events: indexes.length, rows })
  }

  /** The lines of an export, with checkpoints at these sizes; without the first rows where they were pruned. */
  lines({ at = [], pruned = 0, filter = null }: Shape = {}): Line[] {
    const gone = pruned ? { size: pruned, frontier: frontier(this.leaves(pruned)) } : null
    const origin = this.signer.name
    const lines: Line[] = [
      { type: 'export', version: 1, origin, exportedAt: '2026-11-29T17:00:00.000000Z', filter, pruned: gone }
    ]
    const mark = (size: number) => {
      if (at.includes(size))
        lines.push({ type: 'checkpoint', size, note: this.signer.checkpoint(this.leaves(size)) })
    }
    mark(pruned)
    for (const row of this.rows.slice(pruned)) {
      lines.push(structuredClone(row))
      mark(row.index + 1)
    }
    const events = this.rows.length - pruned
    lines.push({ type: 'end', events, checkpoint: this.signer.checkpoint(this.leaves()) })
    return lines
  }
}

export const texts = (lines: Line[]): string[] => lines.map((line) => JSON.stringify(line))
