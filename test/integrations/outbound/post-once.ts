/** Posts once to the URL that it is given, as if its name led to this machine, and prints what came of it. */
import { parseAllowList } from '../../../src/integrations/outbound/allow-list.ts'
import { createOutbound } from '../../../src/integrations/outbound/post.ts'

const outbound = createOutbound({ allow: parseAllowList(['127.0.0.1'])!, resolve: async () => ['127.0.0.1'] })
const posted = await outbound.post(new URL(process.argv[2]!), { headers: {}, body: '{}', ms: 5_000 })
process.stdout.write(JSON.stringify(posted))
await outbound.close()
