import { controls, type Head, type Writer } from './report.ts'

/** Everything there is, one participant a line. */
export const json: Writer = {
  type: 'application/json; charset=utf-8',
  start: (head) => `${JSON.stringify(frame(head)).slice(0, -1)},"participants":[`,
  rows: (entries, before) =>
    entries.map((entry, n) => `${before + n === 0 ? '' : ','}\n${JSON.stringify(entry)}`).join(''),
  end: () => '\n]}\n'
}

/** All but the participants. */
export const frame = ({ campaign, round, final, asOf, counts, timeline, marks, contacts }: Head) => ({
  campaign,
  round,
  final,
  asOf,
  evidenceFor: controls,
  counts,
  timeline,
  marks,
  contacts
})
