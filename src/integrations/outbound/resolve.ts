import { lookup, Resolver } from 'node:dns/promises'

/** @returns every address of a name. @throws where it has none, or nobody says so in time */
export type Resolve = (name: string) => Promise<string[]>

/** As the system does, `/etc/hosts` and search domains included: for names that whoever runs us has chosen. */
export const resolveBySystem: Resolve = async (name) =>
  (await lookup(name, { all: true })).map(({ address }) => address)

/**
 * From the name servers alone, for names that callers chose: the system's way occupies one of four threads for as long as
 * a name server keeps it waiting, and everybody else's names would wait behind that.
 */
export const resolveByName: Resolve = async (name) => {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 })
  const families = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
  const found = families.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
  const failed = families.find((answer) => answer.status === 'rejected')
  if (found.length === 0 && failed) throw failed.reason
  return found
}
