import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import { keyRoutes } from '../access/key.routes.ts'
import { auditRoutes } from '../audit/audit.routes.ts'
import { proofRoutes } from '../audit/proof.routes.ts'
import { campaignRoutes } from '../campaigns/campaign.routes.ts'
import { eventRoutes } from '../campaigns/events.routes.ts'
import { participantRoutes } from '../campaigns/participant.routes.ts'
import { reportRoutes } from '../campaigns/report/report.routes.ts'
import { confirmRoutes, sendUnroutable } from '../confirm/confirm.routes.ts'
import { consoleRoutes } from '../console/console.routes.ts'
import { doctorRoutes } from '../doctor/doctor.routes.ts'
import { stopRoutes } from '../guard/stop.routes.ts'
import { scimRoutes, sendUnroutable as sendUnroutableScim } from '../integrations/scim/scim.routes.ts'
import { receiverRoutes } from '../integrations/signals/receiver.routes.ts'
import { revocationRoutes } from '../integrations/signals/revocation.routes.ts'
import { discoveryRoutes } from '../integrations/ssf/discovery.routes.ts'
import { statusRoutes } from '../integrations/ssf/status.routes.ts'
import { streamRoutes } from '../integrations/ssf/stream.routes.ts'
import { deliveryRoutes } from '../integrations/webhooks/delivery.routes.ts'
import { webhookRoutes } from '../integrations/webhooks/endpoint.routes.ts'
import { approvalRoutes } from '../operations/approval.routes.ts'
import { offboardingRoutes } from '../operations/offboarding.routes.ts'
import { operationRoutes } from '../operations/operation.routes.ts'
import { resetRoutes } from '../operations/reset.routes.ts'
import { tokenRoutes } from '../operations/token.routes.ts'
import { undoRoutes } from '../operations/undo.routes.ts'
import { userAccessRoutes } from '../operations/user-access.routes.ts'
import { userRoutes } from '../users/user.routes.ts'
import { version } from '../version.ts'
import type { World } from '../world.ts'
import { installAccess } from './access.ts'
import { accessOf } from './callers.ts'
import { corsOf } from './cors.ts'
import { type App, createFastify } from './fastify.ts'
import { healthRoutes } from './health.routes.ts'
import { installIdempotency } from './idempotency.ts'
import { metricsRoutes } from './metrics.routes.ts'
import { installOpenapi } from './openapi.ts'
import { installProblems, ProblemSchema } from './problem.ts'
import { problemPages } from './problem-pages.ts'
import { installTracing } from './traced.ts'

/** The whole HTTP face, ready to listen. @throws where a route does not declare what it must */
export async function createApp(world: World, firstKey = world.config.LOCKSMITH_API_KEY): Promise<App> {
  const { config } = world
  const app = createFastify(world.log, config.proxies, sendUnroutableScim(sendUnroutable(world)))
  installTracing(app as never, world.tracing)
  app.addSchema(ProblemSchema)
  installProblems(app as never)
  // Before the access: a browser sends no credentials when it asks whether it may.
  if (config.origins.length > 0) await app.register(cors, corsOf(config.origins))
  const access = accessOf(world, firstKey)
  installAccess(app as never, access)
  installIdempotency(app as never, world)
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      useDefaults: false
    },
    frameguard: { action: 'deny' },
    // What hosts below ours do is not for us to say.
    strictTransportSecurity: { includeSubDomains: false },
    // Of no use here, or for browsers of old.
    originAgentCluster: false,
    dnsPrefetchControl: false,
    ieNoOpen: false,
    permittedCrossDomainPolicies: false,
    xssFilter: false
  })
  await installOpenapi(app, version, config.publicOrigin)
  // Whoever is answered during the shutdown does not keep it waiting for a next request.
  app.addHook('onSend', async (_request, reply) => {
    if (world.draining()) reply.header('connection', 'close')
  })
  userRoutes(app, world)
  userAccessRoutes(app, world)
  tokenRoutes(app, world)
  resetRoutes(app, world)
  offboardingRoutes(app, world)
  operationRoutes(app, world)
  approvalRoutes(app, world)
  undoRoutes(app, world)
  campaignRoutes(app, world)
  participantRoutes(app, world)
  eventRoutes(app, world)
  stopRoutes(app, world)
  auditRoutes(app, world)
  proofRoutes(app, world)
  reportRoutes(app, world)
  keyRoutes(app, world)
  scimRoutes(app, world)
  revocationRoutes(app, world)
  receiverRoutes(app, world)
  webhookRoutes(app, world)
  deliveryRoutes(app, world)
  discoveryRoutes(app, world)
  streamRoutes(app, world)
  statusRoutes(app, world)
  confirmRoutes(app, world)
  consoleRoutes(app, world, access.authenticate)
  healthRoutes(app, world)
  metricsRoutes(app, world)
  doctorRoutes(app, world)
  problemPages(app)
  app.get('/', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
    reply.redirect('/docs')
  )
  return app
}
