/**
 * Nothing that is done to the log goes unseen, and nothing is seen that was not done. `TAMPERINGS` says how many are
 * tried (1,000 by default), `SEED` which ones.
 */
import t from 'tap'
import { readLog } from '../../src/audit/log.ts'
import { sealWithin, startSealing } from '../../src/audit/index.ts'
