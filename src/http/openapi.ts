import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { App } from './fastify.ts'

const description = `Locksmith gives Nextcloud what it lacks: it **resets** a user over HTTP – a random password that nobody knows, every session and app password revoked, the reset mail sent – and audits all of it.

Long work answers \`202\` with \`Location: /operations/{id}\`; with \`Prefer: wait=20\` the finished operation. Errors are problems (RFC 9457); each \`type\` is a page of its own here.

It reports what it knows: \`requested\` is not *sent*, and \`unknown\` is not *0*.`

/** The document is made from the routes' own schemas, so it cannot say what they do not. */
export async function installOpenapi(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Locksmith',
        version,
        description,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' }
      },
      servers: [{ url: '/' }],
      tags: [
        { name: 'users', description: 'Users of Nextcloud, and what is done to them' },
        { name: 'operations', description: 'What runs, and what came of it' },
        { name: 'audit', description: 'Who did what, when, and did it work' },
        { name: 'service', description: 'Is it well?' }
      ],
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: `lsk_…`, or LOCKSMITH_API_KEY' }
        }
      }
    },
    refResolver: {
      buildLocalReference: (schema, _baseUri, _fragment, i) => String(schema.$id ?? `schema-${i}`)
    }
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    theme: { title: 'Locksmith API' },
    uiConfig: {
      docExpansion: 'list',
      displayRequestDuration: true,
      persistAuthorization: true,
      tryItOutEnabled: true,
      deepLinking: true
    }
  })
  app.get('/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, async () =>
    app.swagger()
  )
}
