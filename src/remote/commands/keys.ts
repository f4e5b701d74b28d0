import type { Command } from 'commander'
import { agree, assertAttended } from '../ask.ts'
import type { components } from '../client.ts'
import type { Context } from '../context.ts'
import { write } from '../io.ts'
import { addGroup, addLeaf, choice, option, several, type Tree, time } from '../leaf.ts'
import { given, list, type Paging, paging } from '../list.ts'
import { safe } from '../safe.ts'
import { record } from '../table.ts'

type Made = components['schemas']['NewApiKey']
type Scope = components['schemas']['ApiKey']['scopes'][number]

export const scopes = [
  ...['users:read', 'users:reset', 'users:revoke', 'users:offboard', 'users:wipe', 'users:delete'],
  ...[
    'campaigns:read',
    'campaigns:write',
    'audit:read',
    'approvals:decide',
    'keys:manage',
    'webhooks:manage'
  ],
  ...['signals:send', 'streams:manage', 'admin']
]

type Create = {
  name: string
  scope: Scope[]
  owner?: string
  expiresAt?: string
  cidr?: string[]
  group?: string[]
  requireIdempotencyKey?: boolean
}

export function addKeys(tree: Tree, program: Command): void {
  const keys = addGroup(
    tree,
    program,
    'keys',
    'API keys; without one: locksmith host keys create',
    'keys list'
  )
  addLeaf<Paging>(tree, keys, {
    is: 'list',
    does: 'all keys, newest first, never a secret',
    examples: ['keys list'],
    options: paging(),
    run: (context, _args, page) =>
      list(
        context,
        '/keys',
        {},
        page,
        [
          { head: 'KEY', of: ({ id }) => id },
          { head: 'NAME', of: ({ name }) => name, long: true },
          { head: 'OWNER', of: ({ owner }) => owner, long: true },
          { head: 'SCOPES', of: ({ scopes }) => scopes, long: true },
          { head: 'EXPIRES (UTC)', of: ({ expiresAt }) => expiresAt },
          { head: 'REVOKED (UTC)', of: ({ revokedAt }) => revokedAt },
          { head: 'LAST USED (UTC)', of: ({ lastUsedAt }) => lastUsedAt }
        ],
        'None.'
      )
  })
  addLeaf(tree, keys, {
    is: 'show <key>',
    does: 'one key, with its limits',
    examples: ['keys show 4fGh7Jk2LmN0'],
    run: async (context, [keyId]) => {
      const init = { params: { path: { keyId: keyId! } }, signal: context.io.signal }
      const { data } = await context.locksmith().GET('/keys/{keyId}', init)
      await context.show(data)
    }
  })
  addLeaf<Create>(tree, keys, {
    is: 'create',
    does: 'make a key, with some of your own scopes; it is shown this once',
    examples: ['keys create --name desk --scope users:read --scope users:reset --owner anna@acme.example'],
    options: [
      option('--name <name>', 'what it is for').makeOptionMandatory(),
      scopeOption(),
      option('--owner <owner>', 'whose it is'),
      time('--expires-at <time>', 'it ends by itself'),
      several('--cidr <network>', 'only from these networks'),
      several('--group <group>', 'only for users of these groups'),
      option('--require-idempotency-key', 'it changes nothing without an Idempotency-Key')
    ],
    run: async (context, _args, { name, scope, owner, expiresAt, cidr, group, requireIdempotencyKey }) => {
      const limits = given({
        owner,
        expiresAt,
        allowedCidrs: cidr,
        allowedGroups: group,
        requireIdempotencyKey
      })
      const body = { name, scopes: scope, ...limits }
      await show(context, (await context.locksmith().POST('/keys', { body, signal: context.io.signal })).data)
    }
  })
  addLeaf<{ overlap?: string }>(tree, keys, {
    is: 'rotate <key>',
    does: 'a new key in its place; the old one goes on for a while',
    examples: ['keys rotate 4fGh7Jk2LmN0 --overlap PT1H'],
    options: [option('--overlap <duration>', 'so long the old one works; default: PT24H')],
    run: async (context, [keyId], { overlap }) => {
      const init = {
        params: { path: { keyId: keyId! } },
        body: given({ overlap }),
        signal: context.io.signal
      }
      await show(context, (await context.locksmith().POST('/keys/{keyId}/rotate', init)).data)
    }
  })
  addLeaf<{ yes?: boolean }>(tree, keys, {
    is: 'revoke <key>',
    does: 'end a key at once',
    examples: ['keys revoke 4fGh7Jk2LmN0 --yes'],
    options: [option('-y, --yes', 'do not ask')],
    run: async (context, [keyId], { yes = false }) => {
      assertAttended(context.io, yes, `To revoke ${safe(keyId!)}`)
      if (!yes) await agree(context.io, `Revoke the key ${safe(keyId!)}`)
      const init = { params: { path: { keyId: keyId! } }, signal: context.io.signal }
      const { data } = await context.locksmith().DELETE('/keys/{keyId}', init)
      await context.show(data)
    }
  })
}

const scopeOption = () =>
  choice('--scope <scope>', `what it may; several times: ${scopes.join(', ')}`, scopes)
    .argParser((value: string, earlier: string[] | undefined) => [...(earlier ?? []), value])
    .makeOptionMandatory()

/** The key alone goes to standard output, to be kept by whoever reads that. */
async function show(context: Context, made: Made): Promise<void> {
  if (context.json) return context.document(made)
  const { key, ...rest } = made
  context.note(record(rest, context.look))
  context.note(key === undefined ? 'It was shown to who asked first.' : 'It is shown only now:')
  if (key !== undefined) await write(context.io.stdout, `${safe(key)}\n`)
}
