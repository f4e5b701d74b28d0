import { json } from '../http/reply.ts'
import { text, web } from '../http/route.ts'
import { finishWipe, mustWipe } from '../model/remote-wipe.ts'

const limits = {
  access: 'anyone',
  skipsCsrf: true,
  anonymousLimit: { limit: 10, period: 300 },
  needs: ['token']
} as const

/** What devices ask: whether to erase their data, and that they did. */
export const wipeRoutes = [
  web({
    ...limits,
    method: 'POST',
    path: '/core/wipe/check',
    run: (call) => (mustWipe(call.nextcloud, text(call, 'token')) ? json({ wipe: true }) : json([], 404))
  }),
  web({
    ...limits,
    method: 'POST',
    path: '/core/wipe/success',
    run: (call) => (finishWipe(call.nextcloud, text(call, 'token')) ? json([]) : json([], 404))
  })
]
