import Type from 'typebox'
import { recordAnswer } from '../campaigns/answer.ts'
import { findLink } from '../campaigns/links.sql.ts'
import { hashOfLink } from '../campaigns/links.ts'
import { inTransaction } from '../db/transaction.ts'
import type { App } from '../http/fastify.ts'
import { languageOf } from '../mail/layout.ts'
import type { World } from '../world.ts'
import { findAsked } from './confirm.sql.ts'
import { languageOfRequest, sendDead } from './frame.ts'
import { askPage, type Person, surePage, thanksPage } from './person.ts'
import { sendOn, sendPage } from './send.ts'

const Params = Type.Object({ token: Type.String() })
/** Mail gateways add members of their own to a link: whatever is there does no harm. */
const Query = Type.Object({ answer: Type.Optional(Type.Unknown()) }, { additionalProperties: true })
const Form = Type.Object(
  { answer: Type.Enum(['confirmed', 'left']), sure: Type.Optional(Type.Literal('yes')) },
  { additionalProperties: false }
)

/** Below `/confirm`. Only a POST changes anything, and leaving takes two: programs open links, and people slip. */
export function personRoutes(app: App, { pool, siteUrl: { host: site } }: World): void {
  app.get(
    '/check',
    { config: { access: 'public' }, schema: { hide: true } },
    // What a link needs, so that whoever is told that all is well can be answered.
    async () => {
      await findLink(pool, hashOfLink(''))
      return { service: 'locksmith' }
    }
  )

  app.get(
    '/thanks',
    { config: { access: 'public' }, schema: { hide: true, querystring: Query } },
    async (request, reply) => {
      const { answer, language } = request.query as { answer?: unknown; language?: unknown }
      if (answer !== 'confirmed' && answer !== 'left') return sendDead(request, reply, site)
      const known = language === 'de' || language === 'en' ? language : languageOfRequest(request)
      return sendPage(reply, thanksPage(site, known, answer))
    }
  )

  app.get(
    '/:token',
    { config: { access: 'public' }, schema: { hide: true, params: Params, querystring: Query } },
    async (request, reply) => {
      const found = await find(request.params.token)
      if (!found) return sendDead(request, reply, site)
      return sendPage(reply, (request.query.answer === 'left' ? surePage : askPage)(found.person))
    }
  )

  app.post(
    '/:token',
    {
      config: { access: 'public', idempotency: { none: 'a link is answered once' } },
      schema: { hide: true, params: Params, querystring: Query, body: Form }
    },
    async (request, reply) => {
      const { answer, sure } = request.body
      const found = await find(request.params.token)
      if (!found) return sendDead(request, reply, site)
      const { link, person } = found
      if (answer === 'left' && !sure) return sendPage(reply, surePage(person))
      const given = { answer, by: `user:${person.userId}`, requestId: request.id } as const
      const came = await inTransaction(pool, (tx) => recordAnswer(tx, link, given))
      if (came === 'too-late') return sendDead(request, reply, site)
      return sendOn(reply, `/confirm/thanks?answer=${answer}&language=${person.language}`)
    }
  )

  async function find(token: string) {
    const link = await findLink(pool, hashOfLink(token))
    if (!link || link.place === null) return undefined
    const asked = await findAsked(pool, link)
    if (!asked) return undefined
    const person: Person = { ...asked, site, language: languageOf(asked.language) }
    return { link, person }
  }
}
