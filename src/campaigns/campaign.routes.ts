import Type from 'typebox'
import type { Db, Pool } from '../db/pool.ts'
import { actorOf, callerOf, needScopes } from '../http/access.ts'
import { answer, named } from '../http/answer.ts'
import type { App } from '../http/fastify.ts'
import { keepAnswer } from '../http/idempotency.ts'
import { defaultLimit, PageOf, pageQuery, readCursor, sendPage } from '../http/page.ts'
import { nextcloudProblems, problemResponses } from '../http/problem.ts'
import { isDry } from '../operations/begin.routes.ts'
import { DryRunQuery } from '../operations/dry-run.schema.ts'
import { uuidForm } from '../uuid.ts'
import type { World } from '../world.ts'
import * as example from './campaign.examples.ts'
import { CampaignBody, CampaignView, Duration, strict, viewOf } from './campaign.schema.ts'
import { findCounts, findRound, listCampaigns } from './campaign.sql.ts'
import { type Campaign, campaignStates } from './campaign.ts'
import { cancelCampaign, extendCampaign, holdCampaign, resumeCampaign, startCampaign } from './change.ts'
import { scopesOfCampaign } from './consequence.ts'
import { createCampaign } from './create.ts'
import { checkDefinition, definitionOf } from './definition.ts'
import { knownCampaign } from './known.ts'
import { PreviewView, viewOfPreview } from './preview.schema.ts'
import { preview } from './preview.ts'

export const CampaignParams = Type.Object({
  campaignId: Type.String({ format: 'uuid', description: '`id` of the campaign' })
})
const bodyless = problemResponses(
  'invalid-request',
  'malformed-json',
  'body-too-large',
  'unsupported-media-type'
)
const again = { none: 'a second one finds it done' }

/** @throws DomainError unknown-campaign */
export async function viewOfCampaign(db: Db | Pool, id: string): Promise<CampaignView> {
  const campaign = await knownCampaign(db, id)
  const [round, counts] = await Promise.all([
    findRound(db, id, campaign.round),
    findCounts(db, id, campaign.round)
  ])
  return viewOf(campaign, round, counts)
}

export function campaignRoutes(app: App, world: World): void {
  const { pool } = world
  app.addSchema(CampaignView)
  app.addSchema(PreviewView)

  app.get(
    '/campaigns',
    {
      config: { access: 'campaigns:read' },
      schema: {
        operationId: 'listCampaigns',
        tags: ['campaigns'],
        summary: 'Campaigns, newest first',
        querystring: Type.Object(
          {
            state: Type.Optional(Type.Enum([...campaignStates], { description: 'How they stand' })),
            ...pageQuery
          },
          strict
        ),
        response: {
          200: answer('A page of campaigns', PageOf(named(CampaignView)), {
            campaigns: { items: [example.open], next: null }
          }),
          ...problemResponses('invalid-request')
        }
      }
    },
    async (request, reply) => {
      const { state, cursor, limit = defaultLimit } = request.query
      const before = readCursor(cursor, uuidForm)
      const found = await listCampaigns(pool, {
        ...(state && { state }),
        ...(before && { before }),
        limit: limit + 1
      })
      const page = found.slice(0, limit)
      const items = await Promise.all(page.map(({ id }) => viewOfCampaign(pool, id)))
      return sendPage(reply, items, found.length > limit ? page.at(-1)!.id : null)
    }
  )

  app.post(
    '/campaigns',
    {
      config: { access: 'campaigns:write', idempotency: 'key' },
      schema: {
        operationId: 'createCampaign',
        tags: ['campaigns'],
        summary: 'Create a campaign',
        description:
          'Asks everybody of an audience by mail whether they still need access, reminds them, and does what `onSilence` says to those who do not answer. Without a `schedule` it is a draft: look at its preview, and start it. The key also needs the scopes of what the campaign will do to users. With `dryRun=true` nothing is recorded, and the answer is the preview.',
        querystring: DryRunQuery,
        body: CampaignBody,
        response: {
          200: answer('What it would come to, with `dryRun=true`', named(PreviewView), {
            campaignDryRun: example.preview
          }),
          201: answer(
            'Recorded',
            named(CampaignView),
            { campaignCreated: example.created },
            { location: { type: 'string', description: 'Where to look: `/campaigns/{id}`' } }
          ),
          ...bodyless,
          ...problemResponses(
            'unknown-group',
            'public-url-not-configured',
            'smtp-not-configured',
            'protected-users-unresolved',
            'stopped',
            ...nextcloudProblems
          )
        }
      }
    },
    async (request, reply) => {
      const definition = definitionOf(request.body)
      needScopes(request, scopesOfCampaign(definition))
      if (isDry(request)) {
        await checkDefinition(world, definition)
        return reply.code(200).send(viewOfPreview(await preview(world, { round: 1, definition })))
      }
      const { actor, owner, vouchers } = callerOf(request)
      const asked = { name: request.body.name, definition, actor, owner, vouchers, requestId: request.id }
      const locationOf = ({ id }: Pick<Campaign, 'id'>) => `/campaigns/${id}`
      const campaign = await createCampaign(world, asked, (tx, recorded) =>
        keepAnswer(request, tx, 201, viewOf(recorded, undefined, {}), { location: locationOf(recorded) })
      )
      return reply
        .code(201)
        .header('location', locationOf(campaign))
        .send(viewOf(campaign, undefined, {}))
    }
  )

  app.get(
    '/campaigns/:campaignId',
    {
      config: { access: 'campaigns:read' },
      schema: {
        operationId: 'getCampaign',
        tags: ['campaigns'],
        summary: 'One campaign, with its counters',
        params: CampaignParams,
        response: {
          200: answer('How it stands', named(CampaignView), { campaign: example.open }),
          ...problemResponses('invalid-request', 'unknown-campaign')
        }
      }
    },
    async ({ params }) => viewOfCampaign(pool, params.campaignId)
  )

  app.post(
    '/campaigns/:campaignId/preview',
    {
      config: { access: 'campaigns:read', idempotency: { none: 'it changes nothing' } },
      schema: {
        operationId: 'previewCampaign',
        tags: ['campaigns'],
        summary: 'What a round would come to if it began now',
        description:
          'Who would be asked, who would not and why, how many mails an hour, when it would end, and the mail. Nothing is written, and nobody is mailed. It reads the whole list of users.',
        params: CampaignParams,
        response: {
          200: answer('The preview', named(PreviewView), { campaignPreview: example.preview }),
          ...bodyless,
          ...problemResponses(
            'unknown-campaign',
            'unknown-group',
            'protected-users-unresolved',
            ...nextcloudProblems
          )
        }
      }
    },
    async ({ params }) => {
      const campaign = await knownCampaign(pool, params.campaignId)
      const { id, round, definition } = campaign
      return viewOfPreview(await preview(world, { campaignId: id, round: round + 1, definition }))
    }
  )

  const changes = {
    start: {
      summary: 'Start a draft',
      description:
        'The list of users is read, and the first mails go out. Campaigns with a schedule start by themselves. The key also needs the scopes of what the campaign will do to users.',
      acts: true,
      refusals: ['stopped'],
      change: startCampaign,
      example: example.planning
    },
    pause: {
      summary: 'Hold a campaign',
      description:
        'No mails, and nothing is done to anybody. Answers count all the same. What is at work goes on: for that there is `/stop`.',
      acts: false,
      refusals: [],
      change: holdCampaign,
      example: example.paused
    },
    resume: {
      summary: 'Let a campaign go on',
      description:
        'After a pause everybody gets the time back that it stood still. After `aborted` it says that the list of users is right, however much smaller it is: it is read anew. The key also needs the scopes of what the campaign will do to users.',
      acts: true,
      refusals: [],
      change: resumeCampaign,
      example: example.open
    },
    cancel: {
      summary: 'End a campaign',
      description:
        'For good: links die, no more mails, no next round, and what waits for an approval or for its turn is cancelled. Operations that are at work go on.',
      acts: false,
      refusals: [],
      change: cancelCampaign,
      example: example.cancelled
    }
  } as const

  for (const [name, { summary, description, acts, refusals, change, example: shown }] of Object.entries(
    changes
  ))
    app.post(
      `/campaigns/:campaignId/${name}`,
      {
        config: { access: 'campaigns:write', idempotency: again },
        schema: {
          operationId: `${name}Campaign`,
          tags: ['campaigns'],
          summary,
          description,
          params: CampaignParams,
          response: {
            200: answer('As it is now', named(CampaignView), { [`campaignAfter-${name}`]: shown }),
            ...bodyless,
            ...problemResponses('unknown-campaign', 'campaign-state', ...refusals)
          }
        }
      },
      async (request) => {
        const { campaignId } = request.params as { campaignId: string }
        // Whoever lets it do something to users could do that themselves.
        if (acts) {
          const campaign = await knownCampaign(pool, campaignId)
          needScopes(request, scopesOfCampaign(campaign.definition))
        }
        const { actor, owner, vouchers } = callerOf(request)
        const by = { actor, owner, vouchers, requestId: request.id }
        const { id } = await change(world, campaignId, by)
        return viewOfCampaign(pool, id)
      }
    )

  app.post(
    '/campaigns/:campaignId/extend',
    {
      config: { access: 'campaigns:write', idempotency: 'key' },
      schema: {
        operationId: 'extendCampaign',
        tags: ['campaigns'],
        summary: 'Give everybody more time',
        params: CampaignParams,
        body: Type.Object({ by: Duration('How much more') }, { ...strict, examples: [{ by: 'P7D' }] }),
        response: {
          200: answer('As it is now', named(CampaignView), { campaignExtended: example.open }),
          ...bodyless,
          ...problemResponses('unknown-campaign', 'campaign-state')
        }
      }
    },
    async (request) => {
      const by = { actor: actorOf(request), requestId: request.id }
      const { campaignId } = request.params
      let extended: CampaignView | undefined
      await extendCampaign(world, campaignId, request.body.by, by, async (tx) => {
        extended = await viewOfCampaign(tx, campaignId)
        await keepAnswer(request, tx, 200, extended)
      })
      return extended!
    }
  )
}
