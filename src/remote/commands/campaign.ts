import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import { agree, assertAttended } from '../ask.ts'
import type { components, paths } from '../client.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../exit.ts'
import { addGroup, addLeaf, choice, number, option, type Tree } from '../leaf.ts'
import { given, list, type Paging, paging } from '../list.ts'
import { safe, safeLines } from '../safe.ts'
import { assertNoTerminal, save } from '../save.ts'
import { eventsOf } from '../sse.ts'
import { type Column, type Look, painted, record, words } from '../table.ts'

type Campaign = components['schemas']['Campaign']
type Definition = NonNullable<paths['/campaigns']['post']['requestBody']>['content']['application/json']

type Preview = components['schemas']['CampaignPreview']

const example = '0198c5d2-7c1e-7d4e-9d55-0f6f3a2b1c00'
const states = [
  'draft',
  'scheduled',
  'planning',
  'open',
  'closing',
  'acting',
  'paused',
  'aborted',
  'ended',
  'cancelled'
]
const participantStates = [
  ...['out', 'waiting', 'asked', 'confirmed', 'vouched', 'excluded', 'left', 'bounced', 'undelivered'],
  ...['silent', 'acting', 'acted', 'spared', 'failed']
]

const columns: Column<Campaign>[] = [
  { head: 'CAMPAIGN', of: ({ id }) => id },
  { head: 'NAME', of: ({ name }) => name, long: true },
  { head: 'STATE', of: ({ state }) => state, state: true },
  { head: 'ROUND', of: ({ round }) => round?.number },
  { head: 'NEXT ROUND (UTC)', of: ({ nextRoundAt }) => nextRoundAt }
]

export function addCampaigns(tree: Tree, program: Command): void {
  const campaign = addGroup(
    ...([
      tree,
      program,
      'campaign',
      'asking everybody whether they are still there',
      'campaign list'
    ] as const)
  )
  addLeaf<{ state?: string } & Paging>(tree, campaign, {
    is: 'list',
    does: 'all of them, newest first',
    examples: ['campaign list', 'campaign list --state open'],
    options: [choice('--state <state>', 'only in this state', states), ...paging()],
    run: (context, _args, { state, limit, cursor, all }) =>
      list(context, '/campaigns', { query: { state } }, given({ limit, cursor, all }), columns, 'None.')
  })
  addLeaf(tree, campaign, {
    is: 'show <campaign>',
    does: 'one of them, with its counters',
    examples: [`campaign show ${example}`],
    run: async (context, [id]) => {
      const { data } = await context.locksmith().GET('/campaigns/{campaignId}', of(context, id))
      await context.show(data)
    }
  })
  addLeaf(tree, campaign, {
    is: 'preview <what>',
    does: 'what a round would come to: of a definition in a file, or of a campaign that is there',
    examples: ['campaign preview acme.json', `campaign preview ${example}`],
    run: async (context, [what]) => {
      const { data } = isId(what!)
        ? await context.locksmith().POST('/campaigns/{campaignId}/preview', of(context, what))
        : await context.locksmith().dryRun('POST', '/campaigns', await bodyOf(context, what!))
      await context.answer(data, (it) => previewText(it as Preview, context.look))
    }
  })
  addLeaf<{ yes?: boolean }>(tree, campaign, {
    is: 'create <file>',
    does: 'create one from a definition in JSON (docs/CAMPAIGNS.md); `-`: standard input',
    examples: ['campaign create acme.json'],
    options: [option('-y, --yes', 'do not ask')],
    run: async (context, [file], { yes = false }) => {
      assertAttended(context.io, yes, 'To create a campaign')
      const init = await bodyOf(context, file!)
      if (!yes) {
        const { data } = await context.locksmith().dryRun('POST', '/campaigns', init)
        context.note(previewText(data as Preview, context.look))
        await agree(context.io, `Create "${safe(String(init.body.name))}"`)
      }
      const { data } = await context.locksmith().POST('/campaigns', init)
      await context.show(data)
    }
  })
  for (const [verb, does] of [
    ['start', 'start one without a schedule'],
    ['pause', 'no mails, and nothing is done to anybody'],
    ['resume', 'go on; everybody gets the time back that it stood still'],
    ['cancel', 'end it for good']
  ] as const)
    addLeaf<{ yes?: boolean }>(tree, campaign, {
      is: `${verb} <campaign>`,
      does,
      examples: [`campaign ${verb} ${example}`],
      options: verb === 'pause' ? [] : [option('-y, --yes', 'do not ask')],
      run: async (context, [id], { yes = false }) => {
        if (verb !== 'pause') {
          assertAttended(context.io, yes, `To ${verb} a campaign`)
          if (!yes) await agree(context.io, `${verb} ${safe(id!)}`)
        }
        const { data } = await context.locksmith().POST(`/campaigns/{campaignId}/${verb}`, of(context, id))
        await context.show(data)
      }
    })
  addLeaf<{ by: string }>(tree, campaign, {
    is: 'extend <campaign>',
    does: 'give everybody more time',
    examples: [`campaign extend ${example} --by P7D`],
    options: [option('--by <duration>', 'so much more').makeOptionMandatory()],
    run: async (context, [id], { by }) => {
      const init = { ...of(context, id), body: { by } }
      const { data } = await context.locksmith().POST('/campaigns/{campaignId}/extend', init)
      await context.show(data)
    }
  })
  addLeaf(tree, campaign, {
    is: 'watch <campaign>',
    does: 'answers as they come, until it ends',
    examples: [`campaign watch ${example}`, `campaign watch ${example} --json`],
    run: (context, [id]) => watch(context, id!)
  })
  addLeaf<{ round?: number; format?: 'html' | 'csv' | 'json' | 'sha256'; output?: string }>(tree, campaign, {
    is: 'report <campaign>',
    does: 'what a round asked, was answered and did, as evidence of an access review',
    examples: [
      `campaign report ${example} --output review.html`,
      `campaign report ${example} --format csv > review.csv`
    ],
    options: [
      number('--round <n>', 'default: the newest'),
      choice('--format <format>', 'default: html', ['html', 'csv', 'json', 'sha256']),
      option('-o, --output <file>', 'where to')
    ],
    run: async (context, [id], { round, format = context.json ? 'json' : 'html', output }) => {
      assertNoTerminal(context, output)
      const params = { path: { campaignId: id! }, query: { format, ...given({ round }) } }
      const init = { params, signal: context.io.signal, parseAs: 'stream' as const }
      const { data } = await context.locksmith().GET('/campaigns/{campaignId}/report', init)
      await save(context, data, output)
    }
  })
  addParticipants(tree, campaign)
}

function addParticipants(tree: Tree, campaign: Command): void {
  addLeaf<{ state?: string; round?: number } & Paging>(tree, campaign, {
    is: 'participants <campaign>',
    does: 'who takes part',
    examples: [`campaign participants ${example} --state silent`],
    options: [
      choice('--state <state>', 'only in this state', participantStates),
      number('--round <n>', 'default: the newest'),
      ...paging()
    ],
    run: (context, [campaignId], { state, round, limit, cursor, all }) =>
      list(
        context,
        '/campaigns/{campaignId}/participants',
        { path: { campaignId }, query: { state, round } },
        given({ limit, cursor, all }),
        [
          { head: 'USER', of: ({ userId }) => userId },
          { head: 'NAME', of: ({ displayName }) => displayName, long: true },
          { head: 'STATE', of: ({ state }) => state, state: true },
          { head: 'ASKED (UTC)', of: ({ askedAt }) => askedAt },
          { head: 'ANSWERED (UTC)', of: ({ answeredAt }) => answeredAt },
          { head: 'BY', of: ({ answeredBy }) => answeredBy, long: true },
          { head: 'OPERATION', of: ({ operation }) => operation }
        ],
        'Nobody.'
      )
  })
  for (const [verb, does] of [
    ['confirm', 'record that somebody still needs access'],
    ['vouch', 'vouch for somebody'],
    ['exclude', 'take somebody out of this round']
  ] as const)
    addLeaf<{ reason: string }>(tree, campaign, {
      is: `${verb} <campaign> <user>`,
      does,
      examples: [`campaign ${verb} ${example} alice --reason "called her"`],
      options: [option('--reason <text>', 'why; it is in the report').makeOptionMandatory()],
      run: async (context, [campaignId, userId], { reason }) => {
        const params = { path: { campaignId: campaignId!, userId: userId! } }
        const init = { params, body: { reason }, signal: context.io.signal }
        const { data } = await context
          .locksmith()
          .POST(`/campaigns/{campaignId}/participants/{userId}/${verb}`, init)
        await context.show(data)
      }
    })
}

const of = (context: Context, campaignId: string | undefined) => ({
  params: { path: { campaignId: campaignId! } },
  signal: context.io.signal
})

const isId = (what: string) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(what)

/** What is no campaign is refused by Locksmith, which says what is wrong with it. */
async function bodyOf({ io }: Context, file: string) {
  let body: Definition
  try {
    body = JSON.parse(file === '-' ? await text(io.stdin) : readFileSync(file, 'utf8')) as Definition
  } catch (error) {
    throw new UsageError(`${file} is no definition of a campaign: ${safe((error as Error).message)}`)
  }
  return { body, signal: io.signal }
}

/** Server-sent events, which end with the campaign. */
async function watch(context: Context, campaignId: string): Promise<void> {
  const init = { ...of(context, campaignId), parseAs: 'stream' as const }
  const { data } = await context.locksmith().GET('/campaigns/{campaignId}/events', init)
  for await (const said of eventsOf(data)) {
    const campaign = JSON.parse(said) as Campaign
    if (context.json) await context.line(campaign)
    else
      await context.say(`${words(new Date().toISOString())}  ${campaignLine(campaign, context.look.colour)}`)
  }
}

function campaignLine({ state, round }: Campaign, colour: boolean): string {
  if (!round) return painted(state, colour)
  const counts = Object.entries(round.counts).filter(([, count]) => count > 0)
  return [
    painted(state, colour),
    `round ${round.number}`,
    ...counts.map(([name, count]) => `${name} ${count}`)
  ].join('  ')
}

/** The mail as people read it; as a page it would fill the terminal. */
function previewText({ mail, ...rest }: Preview, look: Look): string {
  if (!mail) return record(rest, look)
  const { subject, language } = mail
  const lines = safeLines(mail.text).split('\n')
  const quoted = lines.map((line) => `  │ ${line}`.trimEnd()).join('\n')
  return `${record({ ...rest, mail: { subject, language } }, look)}\n${quoted}`
}
