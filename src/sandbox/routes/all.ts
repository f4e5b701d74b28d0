import type { Route } from '../http/route.ts'
import { appConfigRoutes } from './app-config.ts'
import { appPasswordRoutes } from './app-passwords.ts'
import { capabilityRoutes } from './capabilities.ts'
import { challengeRoutes } from './challenge.ts'
import { exAppRoutes } from './ex-app.ts'
import { groupRoutes } from './groups.ts'
import { loginRoutes } from './login.ts'
import { lostPasswordRoutes } from './lost-password.ts'
import { ocJsRoutes } from './oc-js.ts'
import { publicLinkRoutes } from './public-links.ts'
import { securityRoutes } from './security.ts'
import { serverRoutes } from './server.ts'
import { shareRoutes } from './shares.ts'
import { subadminRoutes } from './subadmins.ts'
import { twoFactorRoutes } from './two-factor.ts'
import { usersEditRoutes } from './users-edit.ts'
import { usersReadRoutes } from './users-read.ts'
import { usersWriteRoutes } from './users-write.ts'
import { webauthnRoutes } from './webauthn.ts'
import { wipeRoutes } from './wipe.ts'

/** Every route of the simulated Nextcloud. */
export const routes: readonly Route[] = [
  ...capabilityRoutes,
  ...appConfigRoutes,
  ...usersReadRoutes,
  ...usersEditRoutes,
  ...usersWriteRoutes,
  ...groupRoutes,
  ...subadminRoutes,
  ...appPasswordRoutes,
  ...serverRoutes,
  ...ocJsRoutes,
  ...exAppRoutes,
  ...twoFactorRoutes,
  ...loginRoutes,
  ...challengeRoutes,
  ...webauthnRoutes,
  ...securityRoutes,
  ...shareRoutes,
  ...publicLinkRoutes,
  ...lostPasswordRoutes,
  ...wipeRoutes
]
