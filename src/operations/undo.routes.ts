import Type, { type Static } from 'typebox'
import { problemOf } from '../errors.ts'
import { callerOf } from '../http/access.ts'
import { answer, named } from '../http/answer.ts'
import type { App } from '../http/fastify.ts'
import { readCursor } from '../http/page.ts'
import { problemResponses } from '../http/problem.ts'
import { readTime } from '../http/time.ts'
import { userIdForm } from '../nextcloud/user-id.ts'
import type { World } from '../world.ts'
import { reason } from './begin.routes.ts'
import { dryRun } from './dry-run.schema.ts'
import { Mail } from './operation.schema.ts'
import { undoSince } from './undo.ts'

const Path = (description: string) => Type.String({ description })

const UndoView = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        userId: Type.String(),
        operation: Type.Union([Path('The one that lets the user in again'), Type.Null()], {
          description: 'null: only asked for by `dryRun`'
        }),
        of: Path('The one that disabled the user')
      })
    ),
    notUndone: Type.Array(
      Type.Object({
        userId: Type.String(),
        of: Path('The one that disabled the user'),
        problem: Type.Object({}, { additionalProperties: true, description: 'Why not: a problem (RFC 9457)' })
      })
    ),
    deletionsCancelled: Type.Array(
      Type.Object({ userId: Type.String(), operation: Path('The deletion, which will not begin') })
    ),
    next: Type.Union([Type.String(), Type.Null()], {
      description: '`cursor` for the rest, by the same request; null: that was all'
    }),
    dryRun: Type.Optional(Type.Literal(true, { description: 'Nothing was begun: so it would be' }))
  },
  { $id: 'Undone', description: 'What was begun to take back what was done' }
)
type UndoView = Static<typeof UndoView>

const nothing: UndoView = { items: [], notUndone: [], deletionsCancelled: [], next: null }
const some: UndoView = {
  items: [
    {
      userId: 'alice',
      operation: '/operations/01a20925-c3e6-7000-811c-b7882fb98871',
      of: '/operations/01a20925-c3e6-7000-811c-b7882fb98861'
    }
  ],
  notUndone: [
    {
      userId: 'bob',
      of: '/operations/01a20925-c3e6-7000-811c-b7882fb98862',
      problem: problemOf('unknown-user', 'Nextcloud has no user "bob".')
    }
  ],
  deletionsCancelled: [{ userId: 'alice', operation: '/operations/01a20925-c3e6-7000-811c-b7882fb98870' }],
  next: null
}

export function undoRoutes(app: App, world: World): void {
  app.addSchema(UndoView)

  app.post(
    '/operations/undo',
    {
      config: { access: 'users:offboard', idempotency: 'key' },
      schema: {
        operationId: 'undo',
        tags: ['operations'],
        summary: 'Let everybody in again who was disabled since then',
        description:
          'For a mistake with many: each user whom `disable` or `offboard` disabled since then, who was enabled before and is disabled still, is enabled (after `disable`) or reinstated with its groups (after `offboard`) by an operation of its own. Nothing that was revoked comes back: it is as if each was asked for by itself. Deletions that were put off since then are cancelled. Whoever was disabled before, or is enabled again by now, is left as it is. At most 500 at once, for 20 s: `next` says whether there is more. Deleted accounts, erased devices and removed second factors are gone for good.',
        querystring: Type.Object(
          {
            since: Type.String({ format: 'date-time', description: 'What was done before stays' }),
            cursor: Type.Optional(
              Type.String({ minLength: 1, maxLength: 100, description: 'From `next` of the answer before' })
            ),
            dryRun
          },
          { additionalProperties: false }
        ),
        body: Type.Object(
          {
            reason: Type.Optional(reason),
            mail: Type.Optional({ ...Mail, default: world.config.MAIL_VIA })
          },
          { additionalProperties: false, examples: [{ reason: 'wrong list of leavers' }] }
        ),
        response: {
          200: answer('There was nothing to begin; or what would be, with `dryRun=true`', named(UndoView), {
            undoNothing: nothing
          }),
          202: answer('Begun: each goes on by itself', named(UndoView), { undoBegun: some }),
          ...problemResponses(
            'invalid-request',
            'malformed-json',
            'body-too-large',
            'unsupported-media-type',
            'stopped'
          )
        }
      }
    },
    async (request, reply) => {
      const { cursor } = request.query
      const since = readTime('querystring/since', request.query.since)
      const { mail = world.config.MAIL_VIA, reason: why } = request.body
      const { actor, owner, vouchers } = callerOf(request)
      const isDry = request.query.dryRun === true
      const undone = await undoSince(world, {
        since,
        cursor: readCursor(cursor, new RegExp(userIdForm)),
        reason: why,
        mail,
        actor,
        owner,
        vouchers,
        requestId: request.id,
        isDry
      })
      if (isDry) return reply.send({ ...undone, dryRun: true as const })
      return reply.code(undone.items.length > 0 ? 202 : 200).send(undone)
    }
  )
}
