import type { Command } from 'commander'
import { ask, assertAttended } from '../ask.ts'
import type { paths } from '../client.ts'
import type { Context } from '../context.ts'
import { Declined } from '../exit.ts'
import { addGroup, addLeaf, choice, option, type Tree } from '../leaf.ts'
import { given, list, type Paging, paging } from '../list.ts'
import { safe } from '../safe.ts'
import { painted, record, words } from '../table.ts'

type Approval = paths['/approvals/{approvalId}']['get']['responses'][200]['content']['application/json']

export function addApprovals(tree: Tree, program: Command): void {
  const approvals = addGroup(tree, program, 'approvals', 'what waits for a second person', 'approvals list')
  addLeaf<{ state?: string } & Paging>(tree, approvals, {
    is: 'list',
    does: 'what waits, and what was decided, newest first',
    examples: ['approvals list', 'approvals list --state pending'],
    options: [
      choice('--state <state>', 'only in this state', ['pending', 'approved', 'rejected', 'expired']),
      ...paging()
    ],
    run: (context, _args, { state, limit, cursor, all }) =>
      list(
        context,
        '/approvals',
        { query: { state } },
        given({ limit, cursor, all }),
        [
          { head: 'APPROVAL', of: ({ id }) => id },
          { head: 'STATE', of: ({ state }) => state, state: true },
          { head: 'WHAT', of: ({ action }) => action.kind },
          { head: 'USERS', of: ({ targets }) => targets },
          { head: 'ASKED BY', of: ({ requestedBy, owner }) => `${requestedBy} (${owner})` },
          { head: 'EXPIRES (UTC)', of: ({ expiresAt }) => expiresAt }
        ],
        'Nothing waits for an approval.'
      )
  })
  addLeaf(tree, approvals, {
    is: 'show <approval>',
    does: 'the action, and everyone on the list',
    examples: ['approvals show 0198c5d2-7c1e-7d4e-9d55-0f6f3a2b1c00'],
    run: async (context, [id]) => {
      const approval = await find(context, id!)
      await context.answer(approval, (it) => approvalText(context, it))
    }
  })
  addDecision(tree, approvals, 'approve', 'let everyone on the list go on')
  addDecision(tree, approvals, 'reject', 'cancel everyone on the list')
}

const find = async (context: Context, approvalId: string): Promise<Approval> =>
  (
    await context.locksmith().GET('/approvals/{approvalId}', {
      params: { path: { approvalId } },
      signal: context.io.signal
    })
  ).data

/** All of it: what is approved is exactly this list. */
function approvalText({ look }: Context, approval: Approval): string {
  const { id, state, action, brakes, requestedBy, owner, expiresAt, targets, hash } = approval
  const { kind, ...asked } = action
  return [
    `${kind}: ${painted(state, look.colour)}  (approval ${id})`,
    `  asked by ${safe(requestedBy)} (${safe(owner)}), above ${words(brakes)}, expires ${words(expiresAt)} UTC`,
    ...(Object.keys(asked).length > 0 ? [record(asked, look, '  ')] : []),
    `  ${targets.length} users:`,
    ...targets.map(({ userId, reason }) => `    ${safe(userId)}${reason ? `  ${safe(reason)}` : ''}`),
    `  hash ${safe(hash)}`
  ].join('\n')
}

type Deciding = { hash?: string; reason?: string; yes?: boolean }

function addDecision(tree: Tree, approvals: Command, verb: 'approve' | 'reject', does: string): void {
  const isApproval = verb === 'approve'
  addLeaf<Deciding>(tree, approvals, {
    is: `${verb} <approval>`,
    does,
    examples: [`approvals ${verb} 0198c5d2-7c1e-7d4e-9d55-0f6f3a2b1c00`],
    options: [
      ...(isApproval ? [option('--hash <hash>', 'of the list that was read; needed with --yes')] : []),
      option('--reason <text>', 'why; it is in the audit'),
      option('-y, --yes', 'do not ask')
    ],
    run: async (context, [id], { hash, reason, yes = false }) => {
      assertAttended(context.io, yes && (!isApproval || hash !== undefined), `To ${verb}`)
      const approval = await find(context, id!)
      if (!yes) {
        context.note(approvalText(context, approval))
        const count = String(approval.targets.length)
        if ((await ask(context.io, `Type ${count} to ${verb} this list: `)) !== count)
          throw new Declined('Nothing was done.')
      }
      const init = { params: { path: { approvalId: id! } }, signal: context.io.signal }
      // The very list that was shown: another one is refused.
      const locksmith = context.locksmith()
      const { data } = isApproval
        ? await locksmith.POST('/approvals/{approvalId}/approve', {
            ...init,
            body: { hash: hash ?? approval.hash, ...given({ reason }) }
          })
        : await locksmith.POST('/approvals/{approvalId}/reject', { ...init, body: given({ reason }) })
      await context.answer(data, (it) => approvalText(context, it))
    }
  })
}
