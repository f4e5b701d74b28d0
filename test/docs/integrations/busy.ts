import { eventually, type Locksmith } from '../../support/locksmith.ts'

/** Something works on alice, and goes on once the faults are cleared. @returns its path */
export async function keepBusy({ sandbox, call }: Locksmith): Promise<string> {
  sandbox.addFault({ match: { method: 'PUT' }, do: 'hang-before' })
  const { body } = await call('POST', '/users/alice/reset')
  await eventually(
    () => sandbox.calls(),
    (calls) => calls.some(({ method }) => method === 'PUT')
  )
  return `/operations/${body.id}`
}
