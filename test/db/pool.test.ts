import t from 'tap'
import { isDatabaseFailure } from '../../src/db/failure.ts'
import { createPool } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { testDatabase } from '../support/database.ts'
import { startProxy } from '../support/proxy.ts'

t.test(
  'a connection that breaks in the middle of a transaction ends that, and not the process',
  async (t) => {
    const proxy = await startProxy(t, await testDatabase(t))
    const pool = createPool(proxy.url)
    t.teardown(() => pool.end())
    await pool.query('CREATE TABLE x (n integer)')
    for (const isIdle of [true, false]) {
      const broken = inTransaction(pool, async (tx) => {
        await tx.query('INSERT INTO x VALUES (1)')
        const sleeping = isIdle ? undefined : tx.query('SELECT pg_sleep(1)')
        proxy.cut()
        if (isIdle) await new Promise((resolve) => setTimeout(resolve, 100))
        await sleeping
      }).catch((error) => error)
      t.ok(isDatabaseFailure(await broken))
      proxy.mend()
      t.equal((await pool.query('SELECT FROM x')).rowCount, 0)
    }
  }
)
