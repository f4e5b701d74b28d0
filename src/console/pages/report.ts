import type { FastifyReply } from 'fastify'
import type { Visit } from '../visit.ts'

/** The printed report, as the API gives it to a browser. */
export const reportPage = (visit: Visit, id: string): Promise<FastifyReply> =>
  visit.passOn(`/campaigns/${encodeURIComponent(id)}/report?format=html`)
