/** What the routes for people have in common: forms instead of JSON, and pages instead of problems. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { isDatabaseFailure } from '../db/failure.ts'
import type { App } from '../http/fastify.ts'
import { takeForms } from '../http/form-body.ts'
import { languageOfBrowser } from './language.ts'
import { awayPage, deadPage, unreadPage } from './plain.ts'
import { sendPage } from './send.ts'

/** Our largest form has a user's id in it, percent-encoded. */
const mostBytes = 4 * 1024

export const languageOfRequest = (request: FastifyRequest) =>
  languageOfBrowser(request.headers['accept-language'])

export const sendDead = (request: FastifyRequest, reply: FastifyReply, site: string): FastifyReply =>
  sendPage(reply, deadPage(site, languageOfRequest(request)))

/** For an encapsulated part of the app, so that no other route takes forms. */
export function installFrame(app: App, site: string): void {
  takeForms(app, mostBytes)
  app.setErrorHandler((error: FastifyError, request, reply) => sendFailure(request, reply, error, site))
  app.setNotFoundHandler((request, reply) => sendDead(request, reply, site))
}

/** Every error, the framework's own included, as a page that has no word of what was sent. */
export function sendFailure(
  request: FastifyRequest,
  reply: FastifyReply,
  error: FastifyError,
  site: string
): FastifyReply {
  const language = languageOfRequest(request)
  const status = error.validation ? 400 : (error.statusCode ?? 500)
  if (status < 500) return sendPage(reply, unreadPage(status, site, language))
  request.log.error({ err: error }, 'unexpected')
  return sendPage(reply, awayPage(isDatabaseFailure(error) ? 503 : 500, site, language))
}
