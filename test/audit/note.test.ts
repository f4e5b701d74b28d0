import t from 'tap'
import { readAuditKeys } from '../../src/audit/keys.ts'
import {
  generateSigningKey,
  isSigned,
  parseCheckpoint,
  parseSigningKey,
  parseVerifierKey,
  signCheckpoint,
  verifierKeyOf
} from '../../src/audit/note.ts'
import { emptyRoot } from '../../src/audit/tree.ts'
import { otherSigningKey, signingKey, testKeys } from '../support/audit-keys.ts'

const origin = 'locksmith.example.org/audit'
const [signer] = testKeys.signers

t.test('keys of other programs for signed notes are read, and those with a slip are not', async (t) => {
  // From the documentation of golang.org/x/mod/sumdb/note.
  const vkey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
  const skey = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz'
  t.equal(verifierKeyOf(parseVerifierKey(vkey)!), vkey)
  t.equal(verifierKeyOf(parseSigningKey(skey)!), vkey)
  for (const bad of [
    vkey.replace('c74f', 'c74e'),
    vkey.replace('ARpc', 'ARpd'),
    vkey.slice(0, -4),
    `x ${vkey}`,
    ''
  ])
    t.equal(parseVerifierKey(bad), undefined, bad)
  t.equal(parseSigningKey(skey.replace('AYEK', 'AYEL')), undefined)
  t.equal(parseSigningKey(vkey), undefined)
})

t.test('several keys are one a line, all of one name', async (t) => {
  t.equal(readAuditKeys(`${signingKey}\n${otherSigningKey}\n`)?.signers.length, 2)
  t.equal(readAuditKeys(`${signingKey}\n${generateSigningKey('another.example.org')}`), undefined)
  for (const bad of ['', ' \n', 'x', `${signingKey}\nx`]) t.equal(readAuditKeys(bad), undefined)
})

t.test('a checkpoint is believed of a key that is given, for the log of its name alone', async (t) => {
  const note = signCheckpoint({ origin, size: 3, root: emptyRoot }, [signer])
  t.match(parseCheckpoint(note), { origin, size: 3, root: emptyRoot })
  t.ok(isSigned(note, [signer]))
  t.notOk(isSigned(note, [parseSigningKey(otherSigningKey)!]))
  t.notOk(isSigned(note, []))
  t.notOk(isSigned(note.replace('\n3\n', '\n4\n'), [signer]))
  const elsewhere = signCheckpoint({ origin: 'another.example.org', size: 3, root: emptyRoot }, [signer])
  t.notOk(isSigned(elsewhere, [signer]), 'not of another log, though it signed it')
  const both = signCheckpoint({ origin, size: 3, root: emptyRoot }, [
    parseSigningKey(otherSigningKey)!,
    signer
  ])
  t.ok(isSigned(both, [signer]), 'the signatures of others are nothing to us')
})

t.test('what is no checkpoint is none', async (t) => {
  const note = signCheckpoint({ origin, size: 3, root: emptyRoot }, [signer])
  for (const bad of [
    '',
    'x',
    note.replace('\n3\n', '\n03\n'),
    note.replace('\n3\n', '\n-1\n'),
    note.replace('\n\n', '\n'),
    note.slice(0, -1),
    note.replace('=\n', '\n')
  ])
    t.equal(parseCheckpoint(bad), undefined)
})
