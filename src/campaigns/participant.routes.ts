import Type from 'typebox'
import { inTransaction } from '../db/transaction.ts'
import { DomainError } from '../errors.ts'
import { actorOf } from '../http/access.ts'
import { answer, named } from '../http/answer.ts'
import type { App } from '../http/fastify.ts'
import { printable, storable } from '../http/forms.ts'
import { defaultLimit, PageOf, pageQuery, readCursor, sendPage } from '../http/page.ts'
import { problemResponses } from '../http/problem.ts'
import { UserId } from '../http/user-id.ts'
import { userIdForm } from '../nextcloud/user-id.ts'
import { reason } from '../operations/begin.routes.ts'
import { placeOf } from '../operations/operation.ts'
import type { World } from '../world.ts'
import { recordAnswer } from './answer.ts'
import { CampaignParams } from './campaign.routes.ts'
import { strict } from './campaign.schema.ts'
import { knownCampaign } from './known.ts'
import { participantExample } from './participant.examples.ts'
import { ParticipantView, viewOfParticipant } from './participant.schema.ts'
import { findParticipant, listParticipants } from './participant.sql.ts'
import { participantStates } from './participant.ts'

/** What somebody with a key can answer for a participant: path → what is recorded. */
const answersFor = {
  confirm: { answer: 'confirmed', summary: 'Record that a participant still needs access' },
  vouch: { answer: 'vouched', summary: 'Vouch for a participant' },
  exclude: { answer: 'excluded', summary: 'Take a participant out of this round' }
} as const

export function participantRoutes(app: App, { pool }: World): void {
  app.addSchema(ParticipantView)

  app.get(
    '/campaigns/:campaignId/participants',
    {
      config: { access: 'campaigns:read' },
      schema: {
        operationId: 'listParticipants',
        tags: ['campaigns'],
        summary: 'Participants of a round, by id',
        params: CampaignParams,
        querystring: Type.Object(
          {
            state: Type.Optional(Type.Enum([...participantStates], { description: 'How they stand' })),
            domain: Type.Optional(
              Type.String({
                minLength: 1,
                maxLength: 253,
                pattern: printable,
                description: 'Whose mail address is at this domain; subdomains are others'
              })
            ),
            round: Type.Optional(
              Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Default: the last' })
            ),
            ...pageQuery
          },
          strict
        ),
        response: {
          200: answer('A page of participants', PageOf(named(ParticipantView)), {
            participants: { items: [participantExample], next: null }
          }),
          ...problemResponses('invalid-request', 'unknown-campaign')
        }
      }
    },
    async (request, reply) => {
      const { state, domain, round, cursor, limit = defaultLimit } = request.query
      const { campaignId } = request.params
      const campaign = await knownCampaign(pool, campaignId)
      const found = await listParticipants(pool, {
        campaignId,
        round: round ?? campaign.round,
        state,
        domain: domain?.toLowerCase(),
        after: readCursor(cursor, new RegExp(userIdForm)),
        limit: limit + 1
      })
      const page = found.slice(0, limit)
      const next = found.length > limit ? page.at(-1)!.place : null
      return sendPage(reply, page.map(viewOfParticipant), next)
    }
  )

  for (const [path, { answer: recorded, summary }] of Object.entries(answersFor))
    app.post(
      `/campaigns/:campaignId/participants/:userId/${path}`,
      {
        config: { access: 'campaigns:write', idempotency: { none: 'a second one finds it answered' } },
        schema: {
          operationId: `${path}Participant`,
          tags: ['campaigns'],
          summary,
          description: 'Of the round that is open. The person gets no more mails, and the link dies.',
          params: Type.Object({ ...CampaignParams.properties, userId: UserId }),
          body: Type.Object(
            { reason: Type.Optional({ ...reason, pattern: storable }) },
            { ...strict, examples: [{ reason: 'told us by phone' }] }
          ),
          response: {
            200: answer('As it is now', named(ParticipantView), {
              [`participantAfter-${path}`]: { ...participantExample, state: recorded, answer: recorded }
            }),
            ...problemResponses(
              'invalid-request',
              'malformed-json',
              'body-too-large',
              'unsupported-media-type',
              'invalid-user-id',
              'unknown-campaign',
              'unknown-participant',
              'participant-state'
            )
          }
        }
      },
      async (request) => {
        const { campaignId, userId } = request.params
        const campaign = await knownCampaign(pool, campaignId)
        const { round } = campaign
        const key = { campaignId, round, place: placeOf(userId) }
        const { reason: why } = request.body
        const by = {
          answer: recorded,
          by: actorOf(request),
          requestId: request.id,
          ...(why !== undefined && { reason: why })
        }
        const result = await inTransaction(pool, (tx) => recordAnswer(tx, key, by))
        const participant = await findParticipant(pool, campaignId, round, userId)
        if (!participant)
          throw new DomainError(
            'unknown-participant',
            `"${userId}" takes no part in this round. Nothing was recorded.`
          )
        // Who answers twice with the same has said nothing new.
        if (result === 'too-late' && participant.state !== recorded)
          throw new DomainError(
            'participant-state',
            `This participant is ${participant.state}, and the campaign ${campaign.state}: there is nothing to be answered. Nothing was recorded.`,
            { extra: { state: participant.state } }
          )
        return viewOfParticipant(participant)
      }
    )
}
