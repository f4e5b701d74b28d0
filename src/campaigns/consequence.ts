import type { Scope } from '../access/scope.ts'
import type { Input, Kind } from '../operations/operation.ts'
import { scopesOf } from '../operations/scopes.ts'
import type { World } from '../world.ts'
import type { Consequence, Definition } from './campaign.ts'

/** What is done to one participant; undefined: nothing, it is only told. @param via who mails whoever is reset */
export function wishOf(
  consequence: Consequence,
  via: Input['mail']
): { kind: Kind; input: Input } | undefined {
  switch (consequence) {
    case 'report-only':
      return undefined
    case 'disable':
      return { kind: 'disable', input: { mail: 'none', revoke: 'none' } }
    case 'reset':
      return { kind: 'reset', input: { mail: via, revoke: 'all' } }
    case 'revoke':
      // Where nothing else can revoke, the password goes with it, and the mail with that.
      return { kind: 'revoke', input: { mail: via, revoke: 'all', replacePassword: true } }
    case 'offboard':
      return { kind: 'offboard', input: { mail: 'none', revoke: 'all' } }
  }
}

/** Our own mail does not count against Nextcloud's limit of a few an hour. */
export const viaOf = ({ mailer, config }: Pick<World, 'mailer' | 'config'>): Input['mail'] =>
  mailer ? 'smtp' : config.MAIL_VIA

/** Hard bounces are held for an approval, and then what silence would have brought is done. */
export const onBounce = ({ onBounce: wanted, onSilence }: Definition): Consequence =>
  wanted === 'hold' ? onSilence : wanted

/** Whoever begins a campaign must be allowed to do to each user what it will do. */
export const scopesOfCampaign = (definition: Definition): Scope[] => {
  const { mode, onSilence, onLeft } = definition
  const all: Consequence[] = mode === 'reset' ? ['reset'] : [onSilence, onLeft, onBounce(definition)]
  const wishes = all.flatMap((each) => wishOf(each, 'none') ?? [])
  return ['campaigns:write', ...new Set(wishes.flatMap(({ kind, input }) => scopesOf(kind, input)))]
}
