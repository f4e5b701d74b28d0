/**
 * One request of somebody who is signed in. Whatever has a route of the API is read and done by that, asked within this
 * process in the name of the session: so scopes, groups, brakes, approvals and the audit are its own, and there is no
 * second set of rules here. What has none (how the brakes stand, a campaign's curve): docs/decisions/0019-console.md.
 */
import { createHash, randomUUID } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Caller, mayEnter, type Scope } from '../access/scope.ts'
import type { Session } from '../access/sessions.ts'
import type { Problem } from '../errors.ts'
import type { Html } from '../html.ts'
import type { App } from '../http/fastify.ts'
import type { World } from '../world.ts'
import { headers as ofConsole } from './assets.ts'
import { type View, writePage } from './frame.ts'
import { clock } from './html.ts'

/** The API refused: its problem, as it told it. */
export class Refused extends Error {
  readonly problem: Problem
  readonly headers: Record<string, unknown>
  constructor(problem: Problem, headers: Record<string, unknown>) {
    super(problem.detail)
    this.problem = problem
    this.headers = headers
  }
}

type Method = 'GET' | 'POST' | 'DELETE'
export type Body = Record<string, unknown>
export type Attempt<T> = { found: T; problem?: undefined } | { found?: undefined; problem: Problem }

export type Visit = {
  world: World
  request: FastifyRequest
  reply: FastifyReply
  session: Session
  caller: Caller
  /** Fields of the form that was sent; none for a page that is only opened. */
  form: Record<string, string>
  /** Members of the query, as text. */
  asked: Record<string, string | undefined>
  /** Whether the API would let this caller do that, by what its route declares, and the scopes of what is asked for. */
  may(route: string, scopes?: Scope[]): boolean
  /** @throws Refused */
  read<T>(path: string): Promise<T>
  /** What the page does not need to be one. @throws Refused where that is for want of a right */
  attempt<T>(path: string): Promise<Attempt<T>>
  /** @param key sent twice with the same one, it is done once. @throws Refused */
  ask<T>(method: Method, path: string, body?: Body, key?: string): Promise<T>
  /** An answer of the API that is a page itself, as it is and while it comes. @throws Refused */
  passOn(path: string): Promise<FastifyReply>
  page(view: Omit<View, 'session' | 'request' | 'path' | 'may' | 'site'>): FastifyReply
  /** A part of a page, for the script that keeps it fresh. @param isOver nothing in it will change by itself */
  part(content: Html, isOver?: boolean): FastifyReply
  /** After something was done: whoever reloads what follows does nothing again. */
  goTo(path: string): FastifyReply
}

export function visitOf(app: App, world: World, request: FastifyRequest, reply: FastifyReply): Visit {
  const session = request.session!
  const { caller } = session.known

  const usual = {
    remoteAddress: request.ip,
    headers: {
      host: request.host,
      accept: 'application/json',
      authorization: app.sessions.authorizationOf(session),
      'x-request-id': request.id
    }
  }

  async function inject(method: Method, path: string, body?: Body, given?: string) {
    // A key may be made to change nothing without one, and what is only looked at comes without.
    const key = given ?? (method !== 'GET' && caller.requireIdempotencyKey ? newKey() : undefined)
    const response = await app.inject({
      method,
      url: path,
      ...usual,
      headers: {
        ...usual.headers,
        ...(body && { 'content-type': 'application/json' }),
        ...(key !== undefined && { 'idempotency-key': key })
      },
      ...(body && { payload: JSON.stringify(body) })
    })
    const isProblem = String(response.headers['content-type']).startsWith('application/problem+json')
    if (isProblem) throw new Refused(response.json(), response.headers)
    return response.json()
  }

  const may = (route: string, scopes: Scope[] = []) =>
    app.isOpen(caller, route) && scopes.every((scope) => mayEnter(caller, scope))

  return {
    world,
    request,
    reply,
    session,
    caller,
    form: (request.body ?? {}) as Record<string, string>,
    asked: request.query as Record<string, string | undefined>,
    may,
    read: (path) => inject('GET', path),
    async attempt(path) {
      try {
        return { found: await inject('GET', path) }
      } catch (error) {
        // Who may not look at all gets no page with a hole in it.
        const isBarred = error instanceof Refused && [401, 403].includes(error.problem.status)
        if (error instanceof Refused && !isBarred) return { problem: error.problem }
        throw error
      }
    },
    ask: inject,
    async passOn(path) {
      const response = await app.inject({ method: 'GET', url: path, ...usual, payloadAsStream: true })
      const stream = response.stream()
      if (response.statusCode >= 400) {
        const text = Buffer.concat(await stream.toArray()).toString()
        throw new Refused(JSON.parse(text), response.headers)
      }
      const type = String(response.headers['content-type'])
      const policy = response.headers['content-security-policy']
      return reply
        .headers({ ...ofConsole, ...(policy !== undefined && { 'content-security-policy': policy }) })
        .type(type)
        .send(stream)
    },
    page: (view) =>
      writePage(reply, { ...view, session, request, path: request.url, may, site: world.siteUrl.host }),
    part: (content, isOver = false) =>
      reply
        .headers({ ...ofConsole, 'x-as-of': asOf(), 'x-over': String(isOver) })
        .type('text/html; charset=utf-8')
        .send(content.text),
    goTo: (path) => reply.headers(ofConsole).redirect(path, 303)
  }
}

/** As lists of the API come. */
export type Page<T> = { items: T[]; next: string | null }

/** Now, as pages say it. */
export const asOf = () => clock(new Date().toISOString())

/** For a form whose sending twice must do it once. */
export const newKey = () => randomUUID()

/** Of what somebody has looked at, to know it again: the same content has the same. */
export const fingerprint = (seen: unknown) =>
  createHash('sha256').update(JSON.stringify(seen)).digest('hex').slice(0, 32)
