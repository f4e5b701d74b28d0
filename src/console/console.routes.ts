/** The web console: pages for people who have a key, or an account at an identity provider. */
import { timingSafeEqual } from 'node:crypto'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Authenticate } from '../access/authenticate.ts'
import { DomainError } from '../errors.ts'
import { sessionCookie } from '../http/cookie.ts'
import type { App } from '../http/fastify.ts'
import { takeForms } from '../http/form-body.ts'
import { tellProblem } from '../http/problem.ts'
import type { World } from '../world.ts'
import { assetRoutes } from './assets.ts'
import { writePage } from './frame.ts'
import { html } from './html.ts'
import { notFound } from './not-found.ts'
import { oidcRoutes } from './oidc.ts'
import { refuseForeign } from './origin.ts'
import { approvals, decidePage, oneApproval } from './pages/approvals.ts'
import { audit, oneEvent, proofFile } from './pages/audit.ts'
import { campaignChange, campaignPart, campaigns, oneCampaign, participantAnswer } from './pages/campaigns.ts'
import { doctor } from './pages/doctor.ts'
import { keyAct, keys, makeKeyPage, oneKey } from './pages/keys.ts'
import { oneOperation, operationAct, operationPart, operations } from './pages/operations.ts'
import { overview, overviewPart } from './pages/overview.ts'
import { deedPage, onePerson, people } from './pages/person.ts'
import { reportPage } from './pages/report.ts'
import { switchPage, undoPage } from './pages/switch.ts'
import { problemNote } from './problem-card.ts'
import { showSignIn, signInRoutes } from './sign-in.ts'
import { Refused, type Visit, visitOf } from './visit.ts'

type Params = Record<string, string>
type Page = (visit: Visit, params: Params) => Promise<FastifyReply>

/** Read alone; those that end with `live` are parts, for the script, and no sign of a person. */
const readOnly: Record<string, Page> = {
  '/': (visit) => overview(visit),
  '/live': (visit) => overviewPart(visit),
  '/people': (visit) => people(visit),
  '/people/:person': (visit, { person }) => onePerson(visit, person!),
  '/operations': (visit) => operations(visit),
  '/operations/:id': (visit, { id }) => oneOperation(visit, id!),
  '/operations/:id/live': (visit, { id }) => operationPart(visit, id!),
  '/approvals': (visit) => approvals(visit),
  '/approvals/:id': (visit, { id }) => oneApproval(visit, id!),
  '/campaigns': (visit) => campaigns(visit),
  '/campaigns/:id': (visit, { id }) => oneCampaign(visit, id!),
  '/campaigns/:id/live': (visit, { id }) => campaignPart(visit, id!),
  '/campaigns/:id/report': (visit, { id }) => reportPage(visit, id!),
  '/audit': (visit) => audit(visit),
  '/audit/:seq': (visit, { seq }) => oneEvent(visit, seq!),
  '/audit/:seq/proof': (visit, { seq }) => proofFile(visit, seq!),
  '/doctor': (visit) => doctor(visit),
  '/keys': (visit) => keys(visit),
  '/keys/:id': (visit, { id }) => oneKey(visit, id!)
}

/** Opened, each shows what would be done; its form does it. */
const acting: Record<string, Page> = {
  '/people/:person/:deed': (visit, { person, deed }) => deedPage(visit, person!, deed!),
  '/operations/:id/:act': (visit, { id, act }) => operationAct(visit, id!, act!),
  '/approvals/:id/:act': (visit, { id, act }) => decidePage(visit, id!, act!),
  '/campaigns/:id/:act': (visit, { id, act }) => campaignChange(visit, id!, act!),
  '/campaigns/:id/people/:person/:act': (visit, { id, person, act }) =>
    participantAnswer(visit, id!, person!, act!),
  '/keys/new': (visit) => makeKeyPage(visit),
  '/keys/:id/:act': (visit, { id, act }) => keyAct(visit, id!, act!),
  '/stop': (visit) => switchPage(visit, 'stop'),
  '/resume': (visit) => switchPage(visit, 'resume'),
  '/undo': (visit) => undoPage(visit)
}

/** The largest form makes a key: its networks and groups. */
const mostBytes = 16 * 1024

/** The sending of a form is as safe to repeat as what it asks the API for. */
const asTheApi = { none: 'it is as the route of the API that it asks, with a key where that takes one' }

export function consoleRoutes(root: App, world: World, authenticate: Authenticate): void {
  if (!world.config.CONSOLE) return
  root.register(
    async (app: App) => {
      takeForms(app, mostBytes)
      app.setErrorHandler((error: FastifyError, request, reply) => fail(request, reply, error))
      app.setNotFoundHandler((request, reply) => fail(request, reply, notFound() as never))
      app.addHook('preHandler', async (request) => {
        const { session } = request
        if (!session) return
        if (request.method === 'POST') refuseForged(request)
        else if (!/\/live$/.test(request.routeOptions.url ?? '')) await app.sessions.touch(session)
      })
      assetRoutes(app)
      signInRoutes(app, world, authenticate)
      oidcRoutes(app, world, authenticate)
      for (const [path, page] of Object.entries({ ...readOnly, ...acting }))
        app.get(path, { config: { access: 'session' }, schema: { hide: true } }, (request, reply) =>
          page(visitOf(app, world, request, reply), request.params as Params)
        )
      for (const [path, page] of Object.entries(acting))
        app.post(
          path,
          { config: { access: 'session', idempotency: asTheApi }, schema: { hide: true } },
          (request, reply) => page(visitOf(app, world, request, reply), request.params as Params)
        )
    },
    { prefix: '/console' }
  )

  /** @throws DomainError invalid-request for a form that no page of this very session had in it */
  function refuseForged(request: FastifyRequest): void {
    refuseForeign(request, world.config.publicOrigin)
    const given = Buffer.from(String((request.body as Params | undefined)?.form ?? ''))
    const wanted = Buffer.from(request.session!.formToken)
    if (given.length === wanted.length && timingSafeEqual(given, wanted)) return
    throw new DomainError(
      'invalid-request',
      'This form is of another session, or of none. Nothing was done. Open the page again, and send it from there.'
    )
  }

  function fail(request: FastifyRequest, reply: FastifyReply, error: FastifyError): FastifyReply {
    const isOver = isUnauthorized(error)
    if (isOver && request.session === null) {
      sessionCookie(world.config.publicOrigin).clear(reply)
      const to = request.method === 'GET' ? request.url.replace(/\/live$/, '') : undefined
      const isNew = request.headers.cookie === undefined
      return showSignIn(world, request, reply, {
        to,
        status: 401,
        ...(!isNew && { said: 'You are not signed in any more. Nothing was done.' })
      })
    }
    const problem = error instanceof Refused ? error.problem : tellProblem(request, reply, error)
    const { session } = request
    return writePage(reply, {
      title: problem.title,
      status: problem.status,
      narrow: true,
      request,
      path: request.url,
      site: world.siteUrl.host,
      ...(session && {
        session,
        may: (route: string) => root.isOpen(session.known.caller, route)
      }),
      content: html`${problemNote(problem)}<p><a href="/console">To the overview</a></p>`
    })
  }
}

const isUnauthorized = (error: Error) =>
  (error instanceof DomainError && error.code === 'unauthorized') ||
  (error instanceof Refused && error.problem.code === 'unauthorized')
