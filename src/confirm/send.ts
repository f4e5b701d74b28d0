import type { FastifyReply } from 'fastify'
import type { Page } from './page.ts'
import { policy } from './style.ts'

/** Of every answer to people, redirects and errors included: no copy, no trace in a search engine or a referrer. */
const headers = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'content-security-policy': policy
}

export const sendPage = (reply: FastifyReply, { status, language, html }: Page): FastifyReply =>
  reply
    .code(status)
    .headers(headers)
    .header('content-language', language)
    .type('text/html; charset=utf-8')
    .send(html)

/** After a form was taken: whoever reloads the page that follows sends nothing again. */
export const sendOn = (reply: FastifyReply, to: string): FastifyReply =>
  reply.headers(headers).redirect(to, 303)
