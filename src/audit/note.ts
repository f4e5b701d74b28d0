/** Checkpoints (C2SP tlog-checkpoint) as signed notes (C2SP signed-note), by Ed25519. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  sign,
  verify
} from 'node:crypto'

const ed25519 = 1

/** Whoever can sign. */
export type Signer = { name: string; id: Buffer; key: KeyObject; seed: Buffer }
/** Whoever can tell whether it was signed. */
export type Verifier = { name: string; id: Buffer; key: KeyObject }

/** @property origin the name of the log @property size leaves */
export type Checkpoint = { origin: string; size: number; root: Buffer }

// DER before the 32 bytes of a key (RFC 8410).
const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex')
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex')

const idOf = (name: string, publicKey: Buffer) =>
  hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(ed25519), publicKey]), 'buffer').subarray(
    0,
    4
  )

const rawPublic = (key: KeyObject) =>
  (key.type === 'private' ? createPublicKey(key) : key)
    .export({ type: 'spki', format: 'der' })
    .subarray(publicPrefix.length)

/** Neither white space nor `+`, which ends it in a key. */
const nameForm = /^[^\s+]{1,200}$/

export const isLogName = (name: string) => nameForm.test(name)

/** A fresh key, as `PRIVATE+KEY+<name>+<id>+<base64>`. @param name of the log: `locksmith.example.org/audit` */
export function generateSigningKey(name: string): string {
  const { privateKey } = generateKeyPairSync('ed25519')
  const seed = privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(privatePrefix.length)
  const data = Buffer.concat([Buffer.of(ed25519), seed]).toString('base64')
  return `PRIVATE+KEY+${name}+${idOf(name, rawPublic(privateKey)).toString('hex')}+${data}`
}

/** @returns undefined for what is no such key, or one whose id is another's */
export function parseSigningKey(text: string): Signer | undefined {
  const [, name = '', id, data = ''] = /^PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text) ?? []
  const bytes = Buffer.from(data, 'base64')
  if (bytes.length !== 33 || bytes[0] !== ed25519 || !isLogName(name)) return undefined
  const seed = bytes.subarray(1)
  const key = createPrivateKey({ key: Buffer.concat([privatePrefix, seed]), type: 'pkcs8', format: 'der' })
  const ownId = idOf(name, rawPublic(key))
  return ownId.toString('hex') === id ? { name, id: ownId, key, seed } : undefined
}

/** `<name>+<id>+<base64>`: what others verify with. */
export const verifierKeyOf = ({ name, id, key }: Signer | Verifier): string =>
  `${name}+${id.toString('hex')}+${Buffer.concat([Buffer.of(ed25519), rawPublic(key)]).toString('base64')}`

/** @returns undefined for what is no such key */
export function parseVerifierKey(text: string): Verifier | undefined {
  const [, name = '', id, data = ''] = /^([^+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text) ?? []
  const bytes = Buffer.from(data, 'base64')
  if (bytes.length !== 33 || bytes[0] !== ed25519 || !isLogName(name)) return undefined
  const raw = bytes.subarray(1)
  const ownId = idOf(name, raw)
  if (ownId.toString('hex') !== id) return undefined
  const key = createPublicKey({ key: Buffer.concat([publicPrefix, raw]), type: 'spki', format: 'der' })
  return { name, id: ownId, key }
}

/** A checkpoint that all of them sign. */
export function signCheckpoint({ origin, size, root }: Checkpoint, signers: Signer[]): string {
  const text = `${origin}\n${size}\n${root.toString('base64')}\n`
  const lines = signers.map(({ name, id, key }) => {
    const signature = Buffer.concat([id, sign(null, Buffer.from(text), key)])
    return `\u2014 ${name} ${signature.toString('base64')}\n`
  })
  return `${text}\n${lines.join('')}`
}

/**
 * Reads a note. Whether to believe it is the other question: {@link isSigned}.
 * @returns undefined for what is no checkpoint
 */
export function parseCheckpoint(note: string): Checkpoint | undefined {
  const [, origin = '', size = '', root = ''] =
    /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*\n(?:\u2014 [^\n]+\n)+$/.exec(note) ??
    []
  return origin === '' ? undefined : { origin, size: Number(size), root: Buffer.from(root, 'base64') }
}

/** Whether one of these signed it, for the log of that name. Signatures by others are nothing to us. */
export function isSigned(note: string, verifiers: readonly Verifier[]): boolean {
  const end = note.indexOf('\n\n')
  const text = Buffer.from(note.slice(0, end + 1))
  const origin = note.slice(0, note.indexOf('\n'))
  return note
    .slice(end + 2)
    .split('\n')
    .some((line) => {
      const [, name, data = ''] = /^\u2014 (\S+) (\S+)$/.exec(line) ?? []
      const bytes = Buffer.from(data, 'base64')
      const verifier = verifiers.find((each) => each.name === name && each.id.equals(bytes.subarray(0, 4)))
      return (
        verifier !== undefined &&
        verifier.name === origin &&
        bytes.length === 68 &&
        verify(null, text, verifier.key, bytes.subarray(4))
      )
    })
}
