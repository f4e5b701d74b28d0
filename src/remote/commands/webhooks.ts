import type { Command } from 'commander'
import { agree, assertAttended } from '../ask.ts'
import type { Context } from '../context.ts'
import { write } from '../io.ts'
import { addGroup, addLeaf, choice, option, several, type Tree } from '../leaf.ts'
import { given, list, type Paging, paging } from '../list.ts'
import { safe } from '../safe.ts'
import { record } from '../table.ts'

type Settings = {
  description?: string
  event?: string[]
  enable?: boolean
  disable?: boolean
  url?: string
  to?: string
}

const settings = () => [
  option('--description <text>', 'what it is'),
  several('--event <type>', 'it is told of these; default: everything')
]

export function addWebhooks(tree: Tree, program: Command): void {
  const webhooks = addGroup(tree, program, 'webhooks', 'who is told of what happens', 'webhooks list')
  const id = 'webhook'
  const of = (context: Context, webhookId: string | undefined) => ({
    params: { path: { webhookId: webhookId! } },
    signal: context.io.signal
  })
  addLeaf<Paging>(tree, webhooks, {
    is: 'list',
    does: 'all of them, newest first, never a secret',
    examples: ['webhooks list'],
    options: paging(),
    run: (context, _args, page) =>
      list(
        context,
        '/webhooks',
        {},
        page,
        [
          { head: 'WEBHOOK', of: (each) => each.id },
          { head: 'URL', of: ({ url }) => url, long: true },
          { head: 'EVENTS', of: ({ events }) => events ?? 'all', long: true },
          { head: 'FAILING SINCE (UTC)', of: ({ failingSince }) => failingSince },
          { head: 'DISABLED', of: ({ disabled }) => disabled?.because }
        ],
        'None.'
      )
  })
  addLeaf(tree, webhooks, {
    is: `show <${id}>`,
    does: 'one of them',
    examples: ['webhooks show 0198c5d2-7c1e-7d4e-9d55-0f6f3a2b1c00'],
    run: async (context, [webhookId]) => {
      const { data } = await context.locksmith().GET('/webhooks/{webhookId}', of(context, webhookId))
      await context.show(data)
    }
  })
  addLeaf<Settings>(tree, webhooks, {
    is: 'create <address>',
    does: 'have a URL told; its secret is shown this once',
    examples: ['webhooks create https://tickets.example.org/locksmith --event operation.needs-attention'],
    options: settings(),
    run: async (context, [url], { description, event }) => {
      const body = { url: url!, ...given({ description, events: event as never }) }
      await secret(
        context,
        (await context.locksmith().POST('/webhooks', { body, signal: context.io.signal })).data
      )
    }
  })
  addLeaf<Settings>(tree, webhooks, {
    is: `change <${id}>`,
    does: 'change it, let it rest, or enable it again',
    examples: ['webhooks change 0198c5d2-7c1e-7d4e-9d55-0f6f3a2b1c00 --disable'],
    options: [
      option('--to <address>', 'where to'),
      ...settings(),
      option('--enable', 'go on'),
      option('--disable', 'let it rest').conflicts('enable')
    ],
    run: async (context, [webhookId], { to, description, event, enable, disable }) => {
      const enabled = enable ? true : disable ? false : undefined
      const body = given({ url: to, description, events: event as never, enabled }) as { enabled?: boolean }
      const { data } = await context
        .locksmith()
        .PATCH('/webhooks/{webhookId}', { ...of(context, webhookId), body })
      await context.show(data)
    }
  })
  addLeaf<{ yes?: boolean }>(tree, webhooks, {
    is: `delete <${id}>`,
    does: 'delete it, with what was still to be sent',
    examples: ['webhooks delete 0198c5d2-7c1e-7d4e-9d55-0f6f3a2b1c00'],
    options: [option('-y, --yes', 'do not ask')],
    run: async (context, [webhookId], { yes = false }) => {
      assertAttended(context.io, yes, 'To delete a webhook')
      if (!yes) await agree(context.io, `Delete ${safe(webhookId!)}`)
      const { data } = await context.locksmith().DELETE('/webhooks/{webhookId}', of(context, webhookId))
      await context.show(data)
    }
  })
  addLeaf<{ overlap?: string }>(tree, webhooks, {
    is: `rotate <${id}>`,
    does: 'a new secret; both sign for a while',
    examples: ['webhooks rotate 0198c5d2-7c1e-7d4e-9d55-0f6f3a2b1c00 --overlap PT1H'],
    options: [option('--overlap <duration>', 'so long the old one signs, too; default: PT24H')],
    run: async (context, [webhookId], { overlap }) => {
      const init = { ...of(context, webhookId), body: given({ overlap }) }
      await secret(context, (await context.locksmith().POST('/webhooks/{webhookId}/rotate', init)).data)
    }
  })
  addLeaf(tree, webhooks, {
    is: `test <${id}>`,
    does: 'send it an event that means nothing',
    examples: ['webhooks test 0198c5d2-7c1e-7d4e-9d55-0f6f3a2b1c00'],
    run: async (context, [webhookId]) => {
      const { data } = await context.locksmith().POST('/webhooks/{webhookId}/test', of(context, webhookId))
      await context.show(data)
    }
  })
  addLeaf<{ state?: string } & Paging>(tree, webhooks, {
    is: `deliveries <${id}>`,
    does: 'what it was told, and is to be told, newest first',
    examples: ['webhooks deliveries 0198c5d2-7c1e-7d4e-9d55-0f6f3a2b1c00 --state failed'],
    options: [
      choice('--state <state>', 'only in this state', ['pending', 'delivered', 'failed']),
      ...paging()
    ],
    run: (context, [webhookId], { state, limit, cursor, all }) =>
      list(
        context,
        '/webhooks/{webhookId}/deliveries',
        { path: { webhookId }, query: { state } },
        given({ limit, cursor, all }),
        [
          { head: 'DELIVERY', of: (each) => each.id },
          { head: 'WHAT', of: ({ type }) => type },
          { head: 'WHEN (UTC)', of: ({ timestamp }) => timestamp },
          { head: 'STATE', of: ({ state }) => state, state: true },
          { head: 'TRIES', of: ({ attempts }) => attempts },
          { head: 'RESULT', of: ({ result }) => result, long: true }
        ],
        'None.'
      )
  })
  addLeaf(tree, webhooks, {
    is: `replay <${id}> <delivery>`,
    does: 'send one once more, under the same id',
    examples: ['webhooks replay 0198c5d2-7c1e-7d4e-9d55-0f6f3a2b1c00 0198c5d2-7c1e-7d4e-9d55-0f6f3a2b1c01'],
    run: async (context, [webhookId, deliveryId]) => {
      const params = { path: { webhookId: webhookId!, deliveryId: deliveryId! } }
      const init = { params, signal: context.io.signal }
      const { data } = await context
        .locksmith()
        .POST('/webhooks/{webhookId}/deliveries/{deliveryId}/replay', init)
      await context.show(data)
    }
  })
}

/** The secret alone goes to standard output. */
async function secret(context: Context, made: { secret?: string }): Promise<void> {
  if (context.json) return context.document(made)
  const { secret, ...rest } = made
  context.note(record(rest, context.look))
  context.note(
    secret === undefined ? 'Its secret was shown to who asked first.' : 'Its secret is shown only now:'
  )
  if (secret !== undefined) await write(context.io.stdout, `${safe(secret)}\n`)
}
