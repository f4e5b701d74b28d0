import Type from 'typebox'
import type { App } from '../../http/fastify.ts'
import { problemResponses } from '../../http/problem.ts'
import type { World } from '../../world.ts'
import { resourceTypes, schemas, serviceProviderConfig } from './configuration.ts'
import { ScimError } from './errors.ts'
import { answer, ListOf, listOf, refuseFilter } from './schema.ts'

const Any = Type.Object(
  { schemas: Type.Array(Type.String()) },
  { additionalProperties: true, description: 'As RFC 7643 has it' }
)
const query = Type.Object({
  filter: Type.Optional(Type.String({ description: 'Refused (RFC 7644, section 4)' }))
})
const config = { access: 'any-key', groups: 'heeded' } as const
const tags = ['scim']

/** RFC 7644, section 4. Any key may read them. */
export function configurationRoutes(app: App, { config: { publicOrigin } }: World): void {
  app.get(
    '/ServiceProviderConfig',
    {
      config,
      schema: {
        operationId: 'scimServiceProviderConfig',
        tags,
        summary: 'What of SCIM is supported',
        querystring: query,
        response: {
          200: answer('The configuration', Any, { scimServiceProviderConfig: serviceProviderConfig() }),
          ...problemResponses('invalid-request')
        }
      }
    },
    async (request, reply) => {
      refuseFilter(request.query)
      return reply.send(serviceProviderConfig(publicOrigin))
    }
  )

  for (const [path, summary, all, byName] of [
    ['ResourceTypes', 'Which resources there are', resourceTypes, 'User'],
    ['Schemas', 'Which attributes they have', schemas, 'urn:ietf:params:scim:schemas:core:2.0:User']
  ] as const) {
    app.get(
      `/${path}`,
      {
        config,
        schema: {
          operationId: `scim${path}`,
          tags,
          summary,
          querystring: query,
          response: {
            200: answer('All of them', ListOf(Any), {
              [`scim${path}`]: listOf({ total: all().length, offset: 0 }, all())
            }),
            ...problemResponses('invalid-request')
          }
        }
      },
      async (request, reply) => {
        refuseFilter(request.query)
        const list = all(publicOrigin)
        return reply.send(listOf({ total: list.length, offset: 0 }, list) as never)
      }
    )
    app.get(
      `/${path}/:name`,
      {
        config,
        schema: {
          operationId: `scim${path.replace(/s$/, '')}`,
          tags,
          summary: `${summary}: one`,
          params: Type.Object({
            name: Type.String({ maxLength: 200, description: 'Its `id`', examples: [byName] })
          }),
          response: {
            200: answer('The one', Any, { [`scim${path.replace(/s$/, '')}`]: all()[0]! }),
            ...problemResponses('invalid-request', 'not-found')
          }
        }
      },
      async (request, reply) => {
        const wanted = request.params.name.toLowerCase()
        const found = all(publicOrigin).find(({ id }) => id.toLowerCase() === wanted)
        if (!found) throw new ScimError(404, undefined, 'There is none of that name.')
        return reply.send(found as never)
      }
    )
  }
}
