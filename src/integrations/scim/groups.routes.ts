import Type from 'typebox'
import { DomainError } from '../../errors.ts'
import { callerOf } from '../../http/access.ts'
import { named } from '../../http/answer.ts'
import type { App } from '../../http/fastify.ts'
import { nextcloudProblems, problemResponses } from '../../http/problem.ts'
import type { World } from '../../world.ts'
import * as example from './examples.ts'
import { groupForm, groupsOf } from './groups.ts'
import { isWanted, project } from './projection.ts'
import { answer, ListOf, ListQuery, listOf, pageOf, ScimGroup, wanted } from './schema.ts'

export function groupRoutes(app: App, world: World): void {
  app.get(
    '/Groups',
    {
      config: { access: 'users:read', groups: 'heeded' },
      schema: {
        operationId: 'scimListGroups',
        tags: ['scim'],
        summary: 'Groups, in pages or by a filter',
        description:
          'Filters: `displayName`, `id` or `members.value` by `eq`, and more conditions with `and`. Members are a question to Nextcloud for each group: `excludedAttributes=members` is quicker.',
        querystring: ListQuery,
        response: {
          200: answer('A page of groups', ListOf(named(ScimGroup)), { scimGroups: example.groups }),
          ...problemResponses(...nextcloudProblems, 'invalid-request')
        }
      }
    },
    async (request, reply) => {
      const { filter, ...query } = request.query
      const { ids, view, search } = groupsOf(world, callerOf(request))
      const { offset, count } = pageOf(query)
      const withMembers = isWanted(query, 'members')
      if (filter !== undefined) {
        const found = await search(filter, withMembers)
        const page = found.slice(offset, offset + count).map((group) => project(group, query))
        return reply.send(listOf({ total: found.length, offset }, page) as never)
      }
      const all = await ids()
      const page = await view(all.slice(offset, offset + count), withMembers)
      return reply.send(
        listOf(
          { total: all.length, offset },
          page.map((group) => project(group, query))
        ) as never
      )
    }
  )

  app.get(
    '/Groups/:groupId',
    {
      config: { access: 'users:read', groups: 'heeded' },
      schema: {
        operationId: 'scimGetGroup',
        tags: ['scim'],
        summary: 'One group, and who is in it',
        params: Type.Object({
          groupId: Type.String({
            minLength: 1,
            maxLength: 255,
            pattern: groupForm,
            description: "The group's id in Nextcloud",
            examples: ['acme']
          })
        }),
        querystring: Type.Object(wanted),
        response: {
          200: answer('The group', named(ScimGroup), { scimGroup: example.group }),
          ...problemResponses(...nextcloudProblems, 'invalid-request', 'unknown-group')
        }
      }
    },
    async (request, reply) => {
      const { groupId } = request.params
      const { ids, view } = groupsOf(world, callerOf(request))
      if (!(await ids(groupId)).includes(groupId))
        throw new DomainError('unknown-group', `Nextcloud has no group "${groupId}".`)
      const [group] = await view([groupId], isWanted(request.query, 'members'))
      return reply.send(project(group!, request.query) as never)
    }
  )
}
