/** The pages that mails of campaigns lead to: for people, without a key. */
import type { App } from '../http/fastify.ts'
import { sendProblem } from '../http/problem.ts'
import type { World } from '../world.ts'
import { contactRoutes } from './contact.routes.ts'
import { installFrame, sendDead } from './frame.ts'
import { personRoutes } from './person.routes.ts'

export function confirmRoutes(app: App, world: World): void {
  for (const [prefix, routes] of [
    ['/confirm', personRoutes],
    ['/contact', contactRoutes]
  ] as const)
    app.register(
      async (pages: App) => {
        installFrame(pages, world.siteUrl.host)
        routes(pages, world)
      },
      { prefix }
    )
}

/** A link that was garbled beyond what the router reads is dead like any other. */
export const sendUnroutable =
  ({ siteUrl }: World): typeof sendProblem =>
  (request, reply, error) =>
    /^\/(confirm|contact)\//.test(request.url)
      ? sendDead(request, reply, siteUrl.host)
      : sendProblem(request, reply, error)
