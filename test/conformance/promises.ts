import type { Test } from 'tap'
import { counting } from './promises/counting.ts'
import { interrupted } from './promises/interrupted.ts'
import { links } from './promises/links.ts'
import { others } from './promises/others.ts'
import { selecting } from './promises/selecting.ts'
import { wipes } from './promises/wipes.ts'
import type { Case, Subject } from './subject.ts'

export type Promises = Record<
  string,
  { needs?: (subject: Subject) => boolean; holds(at: Case): Promise<void> }
>

/** What every driver promises; one that a driver cannot give is not asked of it, by what it says it can. */
const all: Promises = { ...selecting, ...wipes, ...counting, ...others, ...links, ...interrupted }

/** Holds a driver to all of it, each promise on users of its own. */
export async function conforms(t: Test, make: (t: Test) => Promise<Subject> | Subject): Promise<void> {
  for (const [name, { needs, holds }] of Object.entries(all)) {
    const subject = await make(t)
    if (needs && !needs(subject)) continue
    await t.test(name, (t) => holds({ t, subject }))
  }
}
