import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { answerOrWatch, watchToEnd } from '../act/one.ts'
import { operationText } from '../act/operation-text.ts'
import type { Operation } from '../client.ts'
import type { Context } from '../context.ts'
import { exit } from '../exit.ts'
import { addGroup, addLeaf, choice, option, type Tree, time } from '../leaf.ts'
import { given, list, type Paging, paging } from '../list.ts'
import { safe } from '../safe.ts'
import { type Column, painted, table } from '../table.ts'
import { waiting } from './act.ts'

const states = [
  ...['queued', 'running', 'waiting', 'awaiting-approval', 'scheduled'],
  ...['succeeded', 'failed', 'needs-attention', 'cancelled']
]
const kinds = [
  'reset',
  'reset-mail',
  'revoke',
  'disable',
  'enable',
  'wipe',
  'offboard',
  'reinstate',
  'delete'
]

type Filter = { user?: string; state?: string; kind?: string }
type How = { wait?: boolean; timeout?: number }

const filters = () => [
  option('--user <user>', 'only of this user'),
  choice('--state <state>', 'only in this state', states),
  choice('--kind <kind>', 'only of this kind', kinds)
]
const queryOf = ({ user, state, kind }: Filter) => given({ userId: user, state, kind })

const columns: Column<Operation>[] = [
  { head: 'OPERATION', of: ({ id }) => id },
  { head: 'KIND', of: ({ kind }) => kind },
  { head: 'USER', of: ({ userId }) => userId },
  { head: 'STATE', of: ({ state }) => state, state: true },
  { head: 'ASKED (UTC)', of: ({ createdAt }) => createdAt },
  { head: 'OVER (UTC)', of: ({ finishedAt }) => finishedAt },
  { head: 'PROBLEM', of: ({ problem }) => (problem as { code?: string } | null)?.code, long: true }
]

export function addOperations(tree: Tree, program: Command): void {
  const operations = addGroup(tree, program, 'operations', 'what Locksmith does to users', 'operations list')
  addLeaf<Filter & Paging>(tree, operations, {
    is: 'list',
    does: 'operations, newest first',
    examples: ['operations list', 'operations list --state needs-attention --all'],
    options: [...filters(), ...paging()],
    run: (context, _args, { limit, cursor, all, ...filter }) =>
      list(
        context,
        '/operations',
        { query: queryOf(filter) },
        given({ limit, cursor, all }),
        columns,
        'None.'
      )
  })
  addLeaf(tree, operations, {
    is: 'show <operation>',
    does: 'one of them, with what was done and what is left',
    examples: ['operations show 0198c5d2-7c1e-7d4e-9d55-0f6f3a2b1c00'],
    run: async (context, [operationId]) => {
      const init = { params: { path: { operationId: operationId! } }, signal: context.io.signal }
      const { data } = await context.locksmith().GET('/operations/{operationId}', init)
      await context.answer(data, (it) =>
        [
          operationText(it, context.connection().url, context.look),
          table(
            it.steps,
            [
              { head: 'STEP', of: ({ name }) => name },
              { head: 'STATE', of: ({ state }) => state, state: true },
              { head: 'TRIES', of: ({ attempts }) => attempts },
              { head: 'OVER (UTC)', of: ({ finishedAt }) => finishedAt }
            ],
            context.look
          )
        ].join('\n')
      )
    }
  })
  addLeaf<Filter & How>(tree, operations, {
    is: 'watch [operation]',
    does: 'follow one until it rests, or all that go on',
    examples: [
      'operations watch',
      'operations watch 0198c5d2-7c1e-7d4e-9d55-0f6f3a2b1c00',
      'operations watch --kind offboard --json'
    ],
    options: [
      ...filters().filter(({ long }) => long !== '--state'),
      ...waiting().filter(({ long }) => long === '--timeout')
    ],
    run: (context, [operationId], options) =>
      operationId === undefined ? watchAll(context, options) : watchToEnd(context, operationId, options)
  })
  for (const [name, does] of [
    ['retry', 'let one that needs attention go on, once what was wrong is mended'],
    ['cancel', 'stop one, or close one that needs attention']
  ] as const)
    addLeaf<How>(tree, operations, {
      is: `${name} <operation>`,
      does,
      examples: [`operations ${name} 0198c5d2-7c1e-7d4e-9d55-0f6f3a2b1c00`],
      options: waiting(),
      run: async (context, [operationId], how) => {
        const init = { params: { path: { operationId: operationId! } }, signal: context.io.signal }
        const locksmith = context.locksmith()
        const { data } =
          name === 'retry'
            ? await locksmith.POST('/operations/{operationId}/retry', init)
            : await locksmith.POST('/operations/{operationId}/cancel', init)
        const code = await answerOrWatch(context, data, how)
        // It is what was asked for.
        return name === 'cancel' && code === exit.refused ? exit.done : code
      }
    })
  addUndo(tree, operations)
}

const goingOn = ['queued', 'running', 'waiting'] as const
const lookMs = 1_000

/** Each change of state, until nothing goes on any more. */
async function watchAll(context: Context, { timeout, ...filter }: Filter & How): Promise<typeof exit.done> {
  const { signal } = context.io
  const locksmith = context.locksmith()
  const seen = new Map<string, Operation['state']>()
  const until = timeout === undefined ? Infinity : performance.now() + timeout * 1_000
  const tell = async (operation: Operation) => {
    const { id, kind, userId, state } = operation
    if (seen.get(id) === state) return
    seen.set(id, state)
    if (context.json) await context.line(operation)
    else await context.say(`${id}  ${kind}  ${safe(userId)}  ${painted(state, context.look.colour)}`)
  }
  for (;;) {
    const open = new Set<string>()
    for (const state of goingOn) {
      const query = { ...queryOf(filter), state, limit: 200 } as { state: typeof state; limit: number }
      for await (const operation of locksmith.all('/operations', { params: { query }, signal })) {
        open.add(operation.id)
        await tell(operation)
      }
    }
    for (const [id, state] of seen)
      if (!open.has(id) && goingOn.some((one) => one === state)) {
        const { data } = await locksmith.GET('/operations/{operationId}', {
          params: { path: { operationId: id } },
          signal
        })
        await tell(data)
      }
    if (open.size === 0) {
      context.note(seen.size === 0 ? 'Nothing goes on.' : 'All of it rests.')
      return exit.done
    }
    if (performance.now() > until) return exit.done
    await sleep(lookMs, undefined, { signal })
  }
}

function addUndo(tree: Tree, operations: Command): void {
  addLeaf<{ since: string; reason?: string; mail?: 'nextcloud' | 'smtp' | 'none'; dryRun?: boolean }>(
    tree,
    operations,
    {
      is: 'undo',
      does: 'let everybody in again whom operations disabled since then',
      examples: [
        'operations undo --since 2026-11-29T20:00:00Z --dry-run',
        'operations undo --since 2026-11-29T20:00:00Z'
      ],
      options: [
        time('--since <time>', 'from then on').makeOptionMandatory(),
        option('--reason <text>', 'why; it is in the audit'),
        choice('--mail <way>', 'who sends the reset mail', ['nextcloud', 'smtp', 'none']),
        option('--dry-run', 'say what would come of it, and change nothing')
      ],
      run: async (context, _args, { since, reason, mail, dryRun = false }) => {
        const locksmith = context.locksmith()
        let left = false
        for (let cursor: string | null | undefined; cursor !== null; ) {
          const init = {
            params: { query: { since, ...(cursor && { cursor }) } },
            body: { ...(reason && { reason }), ...(mail && { mail }) },
            signal: context.io.signal
          }
          const { data } = dryRun
            ? await locksmith.dryRun('POST', '/operations/undo', init)
            : await locksmith.POST('/operations/undo', init)
          const { items, notUndone, next } = data
          left ||= notUndone.length > 0
          cursor = next
          if (context.json) await context.line(data)
          for (const { userId, operation } of items)
            await context.say(`${safe(userId)}  ${operation ?? 'would be let in'}`)
          for (const { userId, problem } of notUndone)
            await context.say(
              `${safe(userId)}  not: ${safe(String((problem as { detail?: string }).detail))}`
            )
        }
        return left ? exit.attention : exit.done
      }
    }
  )
}
