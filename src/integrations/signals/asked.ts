import type { FastifyRequest } from 'fastify'
import type { Caller } from '../../access/scope.ts'
import { whileThere } from '../../http/while-there.ts'
import type { NextcloudUser } from '../../nextcloud/users.ts'
import type { Witness } from '../../operations/request.ts'
import { readWait } from '../../operations/wait.ts'
import type { World } from '../../world.ts'
import { type SignOut, signOut } from './sign-out.ts'

/** Seconds; whoever asks gives up after 30 or 60. */
const usualPatience = 20

type Asked = Pick<SignOut, 'reason' | 'signal' | 'confirm'> & { caller: Caller; witness: Witness }

/** Signs a user out for as long as the request is there: whoever hangs up is not waited for. */
export const signOutFor = (
  world: World,
  request: FastifyRequest,
  user: NextcloudUser,
  asked: Asked
): Promise<string | undefined> =>
  whileThere(request, (gone) =>
    signOut(world, {
      ...asked,
      user,
      requestId: request.id,
      patience: readWait(request.headers.prefer) ?? usualPatience,
      gone
    })
  )
