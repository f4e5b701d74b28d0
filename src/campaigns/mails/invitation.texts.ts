import type { Consequence } from '../campaign.ts'

type Kind = 'invitation' | 'reminder' | 'last'

export type InvitationTexts = {
  question: (site: string) => string
  heading: string
  prefix: Record<Kind, string>
  greeting: (name: string) => string
  /** Before words of the campaign's own. */
  again: Record<'reminder' | 'last', string>
  intro: Record<Kind, (site: string, id: string) => string>
  why: (site: string) => string
  please: (day: string | null) => string
  button: string
  link: (host: string, site: string) => string
  elsewise: (owner: string) => string
  without: string
  silence: Record<Consequence, (day: string | null, owner: string) => string>
  footer: (site: string, owner: string) => string
}
