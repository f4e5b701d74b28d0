import type { ParticipantState } from '../participant.ts'

/** In the order in which they are told. */
export const labels: [ParticipantState, string][] = [
  ['confirmed', 'Confirmed'],
  ['vouched', 'Somebody vouched for them'],
  ['excluded', 'Taken out of the round'],
  ['left', 'Have left'],
  ['silent', 'Did not answer'],
  ['bounced', 'Their mail came back'],
  ['undelivered', 'Not sure that any mail arrived'],
  ['acting', 'Waiting, or being dealt with'],
  ['acted', 'Done as the campaign says'],
  ['spared', 'Nothing was done to them'],
  ['failed', 'Did not work: see the report'],
  ['waiting', 'Not asked yet'],
  ['asked', 'Asked, no answer yet'],
  ['out', 'In the audience, but not asked']
]

/** By what a round or an approval gives as its reason. */
export const brakeWords: Record<string, string> = {
  'minimum-response':
    'Fewer people answered than the campaign asks for. Mails may have ended up in spam folders.',
  'mail-bounced': 'The mails to some people came back: they do not know that they were asked.',
  'mail-undelivered': 'For some people it is not sure that any mail arrived.',
  'lock-out': 'More people would be locked out than may be in 24 hours.',
  wipe: 'Devices of more people would be erased than may be in 24 hours.',
  deletion: 'More accounts would be deleted than may be in 24 hours.'
}
