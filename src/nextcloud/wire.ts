import type { Envelope } from './ocs.ts'
import type { Answer, Call } from './transport.ts'

/** How the files beside this one speak to Nextcloud. */
export type Wire = {
  publicUrl: URL
  send(call: Call): Promise<Answer>
  /** As the admin over OCS; @throws NextcloudError */
  ocs(call: Call): Promise<Envelope>
  /** As the admin, outside of OCS; @throws NextcloudError */
  admin(call: Call): Promise<Answer>
}
