import type { Command } from 'commander'
import { write } from '../io.ts'
import { addGroup, addLeaf, choice, number, option, type Tree, time } from '../leaf.ts'
import { given, list, type Paging, paging } from '../list.ts'
import { safeLines } from '../safe.ts'
import { assertNoTerminal, save } from '../save.ts'

type Filter = {
  user?: string
  actor?: string
  action?: string
  outcome?: string
  operation?: string
  campaign?: string
  reason?: string
  from?: string
  to?: string
}

const filters = () => [
  option('--user <user>', 'about this user'),
  option('--actor <actor>', 'by whom'),
  option('--action <action>', 'what, such as operation.requested'),
  choice('--outcome <outcome>', 'how it ended', ['success', 'failure', 'unknown', 'none']),
  option('--operation <id>', 'of this operation'),
  option('--campaign <id>', 'of this campaign'),
  option('--reason <text>', 'with this in its reason'),
  time('--from <time>', 'from then on'),
  time('--to <time>', 'before then')
]

const queryOf = ({ user, actor, action, outcome, operation, campaign, reason, from, to }: Filter) =>
  given({
    userId: user,
    operationId: operation,
    campaignId: campaign,
    actor,
    action,
    outcome,
    reason,
    from,
    to
  })

export function addAudit(tree: Tree, program: Command): void {
  const audit = addGroup(tree, program, 'audit', 'what was done, by whom', 'audit --user alice')
  addLeaf<Filter & Paging>(tree, audit, {
    is: 'search',
    does: 'events, newest first',
    examples: ['audit search --user alice', 'audit search --action approval.approved --from 2026-11-01'],
    isDefault: true,
    options: [...filters(), ...paging()],
    run: (context, _args, { limit, cursor, all, ...filter }) =>
      list(
        context,
        '/audit',
        { query: queryOf(filter) },
        given({ limit, cursor, all }),
        [
          { head: 'EVENT', of: ({ seq }) => seq },
          { head: 'WHEN (UTC)', of: ({ at }) => at },
          { head: 'WHAT', of: ({ action }) => action },
          { head: 'OUTCOME', of: ({ outcome }) => outcome },
          { head: 'USER', of: ({ userId }) => userId },
          { head: 'BY', of: ({ actor }) => actor },
          { head: 'OPERATION', of: ({ operationId }) => operationId, long: true }
        ],
        'No such event.'
      )
  })
  addLeaf<Filter & { csv?: boolean; output?: string }>(tree, audit, {
    is: 'export',
    does: 'the whole log, or what the filters let through, as a file',
    examples: ['audit export --output audit.ndjson', 'audit export --csv --from 2026-11-01 > november.csv'],
    options: [
      ...filters(),
      option('--csv', 'a table to read, and not what can be verified'),
      option('-o, --output <file>', 'where to')
    ],
    run: async (context, _args, { csv, output, ...filter }) => {
      assertNoTerminal(context, output)
      const query = { ...queryOf(filter), format: csv ? ('csv' as const) : ('ndjson' as const) }
      const init = {
        params: { query: query as { format: 'csv' | 'ndjson' } },
        signal: context.io.signal,
        parseAs: 'stream' as const
      }
      const { data } = await context.locksmith().GET('/audit/export', init)
      await save(context, data, output)
    }
  })
  addLeaf(tree, audit, {
    is: 'checkpoint',
    does: 'the signed head of the log, to be kept elsewhere',
    examples: ['audit checkpoint > locksmith.checkpoint'],
    run: async (context) => {
      const { data } = await context.locksmith().GET('/audit/checkpoint', { signal: context.io.signal })
      if (context.json) await context.document({ checkpoint: data })
      else await write(context.io.stdout, safeLines(String(data)))
    }
  })
  addLeaf(tree, audit, {
    is: 'proof <event>',
    does: 'that an event is in the log',
    examples: ['audit proof 38'],
    run: async (context, [event]) => {
      const init = { params: { path: { seq: numberOf(event!) } }, signal: context.io.signal }
      await context.show((await context.locksmith().GET('/audit/{seq}/proof', init)).data)
    }
  })
  addLeaf<{ from: number; to?: number }>(tree, audit, {
    is: 'consistency',
    does: 'that an earlier log is the beginning of a later one',
    examples: ['audit consistency --from 100'],
    options: [
      number('--from <size>', 'of the earlier one', 0).makeOptionMandatory(),
      number('--to <size>', 'of the later one; default: the newest', 0)
    ],
    run: async (context, _args, { from, to }) => {
      const init = { params: { query: { from, ...given({ to }) } }, signal: context.io.signal }
      await context.show((await context.locksmith().GET('/audit/consistency', init)).data)
    }
  })
}

/** What is none is refused by Locksmith. */
const numberOf = (text: string) => text as unknown as number
