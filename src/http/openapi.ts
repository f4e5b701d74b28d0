import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { resolveWithin } from './docs-resolver.ts'
import { policy, theme } from './docs-theme.ts'
import type { App } from './fastify.ts'
import { tidy } from './openapi-tidy.ts'

const description = `Locksmith gives Nextcloud what it lacks: it **resets** a user over HTTP – a random password that nobody knows, every session and app password revoked, the reset mail sent –, **off-boards** leavers and says what access is left, and audits all of it.

**Try it here:** press *Authorize* and paste an API key (the sandbox prints one when it starts). Open \`POST /users/{userId}/reset\` and press *Execute*: the answer is \`202\` with the operation. Its \`id\` in \`GET /operations/{operationId}\` shows what became of it.

Send an \`Idempotency-Key\` with what changes something: when its answer is lost, the same request can simply be sent again, and is done once.

Long work answers \`202\` with \`Location: /operations/{id}\`, or with \`Prefer: wait=20\` the finished operation. Errors are problems (RFC 9457); the \`type\` of each is a page of its own here.

It reports what it knows: \`requested\` is not *sent*, and \`unknown\` is not *0*.`

/** The types of @fastify/swagger-ui do not know of them; it hands everything on. */
const plugins = { plugins: [resolveWithin] }

/** The document is made from the routes' own schemas, so it cannot say what they do not. */
export async function installOpenapi(app: App, version: string, publicOrigin = '/'): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Locksmith',
        version,
        description,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' }
      },
      servers: [{ url: publicOrigin }],
      tags: [
        { name: 'users', description: 'Users of Nextcloud, and what is done to them' },
        { name: 'operations', description: 'What runs, and what came of it' },
        { name: 'approvals', description: 'What a second person decides' },
        { name: 'campaigns', description: 'Who still needs access' },
        { name: 'audit', description: 'Who did what, when, and did it work' },
        { name: 'scim', description: 'What identity providers ask for (RFC 7644)' },
        { name: 'signals', description: 'Who says that somebody is to be signed out, and who is told' },
        { name: 'keys', description: 'Who may call, and for how long' },
        { name: 'webhooks', description: 'Who is told of what happens' },
        { name: 'service', description: 'Is it well?' }
      ],
      components: {
        securitySchemes: {
          apiKey: {
            type: 'http',
            scheme: 'bearer',
            description:
              'Paste the key alone: one from `locksmith host keys create` or `POST /keys` (`lsk_…`), the LOCKSMITH_API_KEY, or what the sandbox printed when it started. Where OIDC_ISSUERS is set also an access token.'
          }
        }
      }
    },
    refResolver: {
      buildLocalReference: (schema, _baseUri, _fragment, i) => String(schema.$id ?? `schema-${i}`)
    },
    transformObject: (document) => tidy((document as { openapiObject: object }).openapiObject)
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: policy,
    theme,
    uiConfig: {
      // Without the bar that would ask for another document.
      layout: 'BaseLayout',
      docExpansion: 'list',
      defaultModelsExpandDepth: 0,
      displayRequestDuration: true,
      persistAuthorization: true,
      tryItOutEnabled: true,
      deepLinking: true,
      ...plugins
    }
  })
  app.get('/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, async () =>
    app.swagger()
  )
}
