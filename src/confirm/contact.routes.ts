import Type from 'typebox'
import { recordAnswer } from '../campaigns/answer.ts'
import { findLink } from '../campaigns/links.sql.ts'
import { hashOfLink } from '../campaigns/links.ts'
import { inTransaction } from '../db/transaction.ts'
import type { App } from '../http/fastify.ts'
import { languageOf } from '../mail/layout.ts'
import type { World } from '../world.ts'
import { findColleague, findContact, listColleagues } from './confirm.sql.ts'
import { type ContactView, listPage, pageAfter, type Said, sureOfPage } from './contact.ts'
import { sendDead } from './frame.ts'
import { languageOfBrowser } from './language.ts'
import { sendOn, sendPage } from './send.ts'

const atOnce = 50

// PostgreSQL has no U+0000, so no place has it.
const Place = Type.String({ pattern: '^[^\\u0000]{1,200}$' })
const Params = Type.Object({ token: Type.String() })
const Query = Type.Object(
  { after: Type.Optional(Place), left: Type.Optional(Place), said: Type.Optional(Type.Unknown()) },
  { additionalProperties: true }
)
const Form = Type.Object(
  { place: Place, answer: Type.Enum(['vouched', 'left']), sure: Type.Optional(Type.Literal('yes')) },
  { additionalProperties: false }
)

/** Below `/contact`. The link goes on working: people drop out of the list one by one. */
export function contactRoutes(app: App, { pool, siteUrl: { host: site } }: World): void {
  app.get(
    '/:token',
    { config: { access: 'public' }, schema: { hide: true, params: Params, querystring: Query } },
    async (request, reply) => {
      const { after, left, said } = request.query
      const found = await find(request.params.token, request.headers['accept-language'])
      if (!found) return sendDead(request, reply, site)
      const { link, contact } = found
      const view: ContactView = { ...found.view, after }
      const colleague = left === undefined ? undefined : await findColleague(pool, link, left)
      if (colleague) return sendPage(reply, sureOfPage(view, colleague))
      const people = await listColleagues(pool, link, after, atOnce + 1)
      const list = {
        people: people.slice(0, atOnce),
        total: contact.total,
        hasMore: people.length > atOnce,
        said: saidOf(said)
      }
      return sendPage(reply, listPage({ ...view, ...list }))
    }
  )

  app.post(
    '/:token',
    {
      config: { access: 'public', idempotency: { none: 'each person is answered for once' } },
      schema: { hide: true, params: Params, querystring: Query, body: Form }
    },
    async (request, reply) => {
      const { place, answer, sure } = request.body
      const { after } = request.query
      const found = await find(request.params.token, request.headers['accept-language'])
      const colleague = found && (await findColleague(pool, found.link, place))
      if (!colleague) return sendDead(request, reply, site)
      const { link, contact, view } = found
      if (answer === 'left' && !sure) return sendPage(reply, sureOfPage({ ...view, after }, colleague))
      const given = { answer, by: `contact:${contact.address}`, requestId: request.id } as const
      const seat = { campaignId: link.campaignId, round: link.round, place }
      const came = await inTransaction(pool, (tx) => recordAnswer(tx, seat, given))
      return sendOn(reply, pageAfter(after, came === 'too-late' ? 'late' : answer))
    }
  )

  async function find(token: string, accepted: string | undefined) {
    const link = await findLink(pool, hashOfLink(token))
    if (!link || link.contact === null) return undefined
    const contact = await findContact(pool, link)
    if (!contact) return undefined
    const language = contact.language ? languageOf(contact.language) : languageOfBrowser(accepted)
    return { link, contact, view: { site, language, owner: contact.owner } }
  }
}

const saidOf = (said: unknown): Said | undefined =>
  said === 'vouched' || said === 'left' || said === 'late' ? said : undefined
