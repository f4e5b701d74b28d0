import type { AuditView } from './audit.schema.ts'
import type { HistoryView } from './history.ts'
import type { ConsistencyView, ProofView } from './proof.schema.ts'

// As the sandbox's alice leaves them when she is reset; newest first.

const about = {
  userId: 'alice',
  operationId: '01a20925-a3e6-7000-811c-b7882fb9886f',
  campaignId: null
}

export const auditExamples: AuditView[] = [
  {
    ...about,
    seq: 38,
    at: '2026-11-23T16:03:11.510Z',
    action: 'step.done',
    outcome: 'success',
    actor: 'system',
    requestId: null,
    sourceAddress: null,
    details: {
      step: 'revoke-tokens',
      attempt: 1,
      outcome: {
        passwordReplaced: true,
        revoked: { sessions: 2, appPasswords: 3 },
        remaining: 0,
        earlierResetLink: 'dead',
        passkeys: { deleted: 0, remaining: 0 }
      }
    },
    index: null
  },
  {
    ...about,
    seq: 37,
    at: '2026-11-23T16:03:11.498Z',
    action: 'step.intended',
    outcome: null,
    actor: 'system',
    requestId: null,
    sourceAddress: null,
    details: { step: 'revoke-tokens', attempt: 1 },
    index: null
  },
  {
    ...about,
    seq: 36,
    at: '2026-11-23T16:03:11.465Z',
    action: 'operation.requested',
    outcome: null,
    actor: 'key:first',
    requestId: '01a20925-a3dc-7000-9221-06dc5467591c',
    sourceAddress: '127.0.0.1',
    details: { kind: 'reset', mail: 'nextcloud', reason: 'phone lost', revoke: 'all' },
    index: null
  }
]

export const historyExample: HistoryView[] = [
  {
    seq: 36,
    at: '2026-11-23T16:03:11.465Z',
    text: 'The API key first asked for a reset: a new password that nobody knows, and no access by the old one (“phone lost”).',
    action: 'operation.requested',
    outcome: null,
    actor: 'key:first',
    operationId: about.operationId,
    campaignId: null
  },
  {
    seq: 38,
    at: '2026-11-23T16:03:11.510Z',
    text: 'Sessions and app passwords were ended (2 sessions and 3 app passwords; 0 are left).',
    action: 'step.done',
    outcome: 'success',
    actor: 'system',
    operationId: about.operationId,
    campaignId: null
  }
]

// A log of three events, signed by a key that was made for these examples: they verify.

export const checkpointExample =
  'locksmith.example.org/audit\n3\nyViigia3De+S9Fds5X4pHgoE9wJBfc+Iniud+k2ecGE=\n\n— locksmith.example.org/audit 5tkbaIpE7xTRJX8ckQBzT9ewba9TmnL+wcOeXXWvbbwBBxImhL0QrDc6b16gQLgV3VKunbgwXH9Tphk2NsVkDKTsnA0=\n'

export const proofExample: ProofView = {
  seq: 1,
  index: 0,
  size: 3,
  hash: 'abe973c4f400b7796cd252e418c394e28e3448a4f0b4e550293b93ddebb68b89',
  path: [
    '45eb7e00c452711bc54e9ad9b66a6c3efbf5e735dd6e6487a2fba98c525426cd',
    '4137da142325760048b4b6aa9156059100e5d5d77648d9c5141c274909589203'
  ],
  checkpoint:
    'locksmith.example.org/audit\n3\nyViigia3De+S9Fds5X4pHgoE9wJBfc+Iniud+k2ecGE=\n\n— locksmith.example.org/audit 5tkbaIpE7xTRJX8ckQBzT9ewba9TmnL+wcOeXXWvbbwBBxImhL0QrDc6b16gQLgV3VKunbgwXH9Tphk2NsVkDKTsnA0=\n',
  entry: {
    v: 1,
    seq: 1,
    at: '2026-11-29T17:38:56.164297Z',
    action: 'operation.requested',
    actor: 'key:first',
    operationId: '01a20925-a3e6-7000-811c-b7882fb9886f',
    campaignId: null,
    requestId: '01a20925-a3dc-7000-9221-06dc5467591c',
    details: {
      kind: 'reset',
      mail: 'nextcloud',
      revoke: 'all'
    },
    personal: 'bff1452ba4351089a080fc69c033074996ec65574d2e3f3a8ee6604de683704c'
  },
  salt: 'dd02c5c9df351b896149012b07c6f182',
  personal: {
    userId: 'alice',
    sourceAddress: '127.0.0.1',
    details: {
      reason: 'phone lost'
    }
  }
}

export const consistencyExample: ConsistencyView = {
  from: 1,
  to: 3,
  path: [
    '45eb7e00c452711bc54e9ad9b66a6c3efbf5e735dd6e6487a2fba98c525426cd',
    '4137da142325760048b4b6aa9156059100e5d5d77648d9c5141c274909589203'
  ],
  fromRoot: 'abe973c4f400b7796cd252e418c394e28e3448a4f0b4e550293b93ddebb68b89',
  toRoot: 'c958a28226b70def92f4576ce57e291e0a04f702417dcf889e2b9dfa4d9e7061',
  fromCheckpoint:
    'locksmith.example.org/audit\n1\nq+lzxPQAt3ls0lLkGMOU4o40SKTwtOVQKTuT3eu2i4k=\n\n— locksmith.example.org/audit 5tkbaAiMTQZMgJ+vo6gqfIZ6kWVq9ZyehFWeX2orc6VhUc135pbap0cpm97D6pz5Ae9A8UgkEXGCjjfHvHEjB9T2kAQ=\n',
  checkpoint:
    'locksmith.example.org/audit\n3\nyViigia3De+S9Fds5X4pHgoE9wJBfc+Iniud+k2ecGE=\n\n— locksmith.example.org/audit 5tkbaIpE7xTRJX8ckQBzT9ewba9TmnL+wcOeXXWvbbwBBxImhL0QrDc6b16gQLgV3VKunbgwXH9Tphk2NsVkDKTsnA0=\n'
}

export const exportExample = [
  '{"type":"export","version":1,"origin":"locksmith.example.org/audit","exportedAt":"2026-11-29T17:38:56.204Z","filter":null,"pruned":null}',
  '{"type":"event","index":0,"hash":"abe973c4f400b7796cd252e418c394e28e3448a4f0b4e550293b93ddebb68b89","entry":{"v":1,"seq":1,"at":"2026-11-29T17:38:56.164297Z","action":"operation.requested","actor":"key:first","operationId":"01a20925-a3e6-7000-811c-b7882fb9886f","campaignId":null,"requestId":"01a20925-a3dc-7000-9221-06dc5467591c","details":{"kind":"reset","mail":"nextcloud","revoke":"all"},"personal":"bff1452ba4351089a080fc69c033074996ec65574d2e3f3a8ee6604de683704c"},"salt":"dd02c5c9df351b896149012b07c6f182","personal":{"userId":"alice","sourceAddress":"127.0.0.1","details":{"reason":"phone lost"}},"erased":[]}',
  '{"type":"event","index":1,"hash":"45eb7e00c452711bc54e9ad9b66a6c3efbf5e735dd6e6487a2fba98c525426cd","entry":{"v":1,"seq":2,"at":"2026-11-29T17:38:56.194261Z","action":"step.intended","actor":"system","operationId":"01a20925-a3e6-7000-811c-b7882fb9886f","campaignId":null,"requestId":null,"details":{"step":"revoke-tokens","attempt":1},"personal":"f53b09c7d60919e1bda98feaa2189d5cebaed2f3ee99587485b940209b22f1a2"},"salt":"68789720ce9985dea3201cf44eb16081","personal":{"userId":"alice"},"erased":[]}',
  '{"type":"event","index":2,"hash":"4137da142325760048b4b6aa9156059100e5d5d77648d9c5141c274909589203","entry":{"v":1,"seq":3,"at":"2026-11-29T17:38:56.194329Z","action":"step.done","actor":"system","operationId":"01a20925-a3e6-7000-811c-b7882fb9886f","campaignId":null,"requestId":null,"details":{"step":"revoke-tokens","attempt":1,"outcome":{"revoked":{"sessions":2,"appPasswords":3},"remaining":0}},"personal":"6b081e8478e5a4def98624da013653585ddae76511b00fd2387b7cb37cd111a9"},"salt":"051a70a6cfaed394a637a6fc74987344","personal":{"userId":"alice"},"erased":[]}',
  '{"type":"end","events":3,"checkpoint":"locksmith.example.org/audit\\n3\\nyViigia3De+S9Fds5X4pHgoE9wJBfc+Iniud+k2ecGE=\\n\\n— locksmith.example.org/audit 5tkbaIpE7xTRJX8ckQBzT9ewba9TmnL+wcOeXXWvbbwBBxImhL0QrDc6b16gQLgV3VKunbgwXH9Tphk2NsVkDKTsnA0=\\n"}'
]
  .map((line) => `${line}\n`)
  .join('')

/** Its first lines, after a byte order mark. */
export const csvExample =
  '"seq","at","action","outcome","actor","user_id","reason","operation_id","campaign_id","request_id","source_address","details","index"\r\n"1","2026-11-29T17:38:56.164Z","operation.requested","","key:first","alice","phone lost","01a20925-a3e6-7000-811c-b7882fb9886f","","01a20925-a3dc-7000-9221-06dc5467591c","127.0.0.1","{""kind"":""reset"",""mail"":""nextcloud"",""reason"":""phone lost"",""revoke"":""all""}","0"\r\n'
