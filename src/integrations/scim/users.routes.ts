import Type from 'typebox'
import { callerOf } from '../../http/access.ts'
import { named } from '../../http/answer.ts'
import type { App } from '../../http/fastify.ts'
import { nextcloudProblems, problemResponses } from '../../http/problem.ts'
import { UserParams } from '../../http/user-id.ts'
import { nobody } from '../../users/people.ts'
import type { World } from '../../world.ts'
import { directoryOf } from './directory.ts'
import * as example from './examples.ts'
import { project } from './projection.ts'
import { answer, ListOf, ListQuery, listOf, pageOf, ScimUser, wanted } from './schema.ts'

/** Reading: Nextcloud is asked each time, and deactivated users are there like all others. */
export function userRoutes(app: App, world: World): void {
  app.get(
    '/Users',
    {
      config: { access: 'users:read', groups: 'heeded' },
      schema: {
        operationId: 'scimListUsers',
        tags: ['scim'],
        summary: 'Users, in pages or by a filter',
        description:
          'Filters: `userName`, `id`, `externalId` or `emails.value` by `eq`, and more conditions with `and`. Also `emails[type eq "work"].value`.',
        querystring: ListQuery,
        response: {
          200: answer('A page of users', ListOf(named(ScimUser)), { scimUsers: example.users }),
          ...problemResponses(...nextcloudProblems, 'invalid-request')
        }
      }
    },
    async (request, reply) => {
      const { filter, ...query } = request.query
      const directory = directoryOf(world, callerOf(request))
      const { offset, count } = pageOf(query)
      if (filter === undefined) {
        const { total, resources } = await directory.page(offset, count)
        return reply.send(
          listOf(
            { total, offset },
            resources.map((user) => project(user, query))
          ) as never
        )
      }
      const found = await directory.search(filter)
      const page = found.slice(offset, offset + count).map((user) => project(user, query))
      return reply.send(listOf({ total: found.length, offset }, page) as never)
    }
  )

  app.get(
    '/Users/:userId',
    {
      config: { access: 'users:read' },
      schema: {
        operationId: 'scimGetUser',
        tags: ['scim'],
        summary: 'One user',
        description: 'Also one who is deactivated. 404: nobody, or deleted by a client of the same owner.',
        params: UserParams,
        querystring: Type.Object(wanted),
        response: {
          200: answer('The user', named(ScimUser), { scimUser: example.user }),
          ...problemResponses(...nextcloudProblems, 'invalid-request', 'invalid-user-id', 'unknown-user')
        }
      }
    },
    async (request, reply) => {
      const { people, view } = directoryOf(world, callerOf(request))
      const { userId } = request.params
      const user = await people.find(userId)
      const [found] = user ? await view([user]) : []
      if (!found) throw nobody(userId)
      return reply.send(project(found, request.query) as never)
    }
  )
}
