import { Writable } from 'node:stream'
import { pino } from 'pino'
import type { Test } from 'tap'
import { type CallOptions, type Locksmith, type Reply, startLocksmith } from '../support/locksmith.ts'
import {
  type PersonSpec,
  type Planted,
  plantCampaign,
  plantLink,
  plantPeople
} from '../support/planted-campaign.ts'

export const site = 'cloud.acme.example'
export const contact = { contact: 0, address: 'boss@acme.example' }

export type Stage = Locksmith & {
  campaign: Planted
  /** All that was logged, at every level and with nothing cut out. */
  logged: () => string
  /** As a browser asks, without a key. */
  visit(path: string, options?: CallOptions & { method?: string }): Promise<Reply>
  send(path: string, form: Record<string, string> | string, headers?: Record<string, string>): Promise<Reply>
  /** What was answered in this campaign, as its rows and the audit have it. */
  answers(): Promise<Record<'state' | 'answered_by' | 'actor' | 'request_id', string>[]>
  linkOf(userId: string): Promise<string>
  contactLink(): Promise<string>
}

/** One Locksmith for a whole file. @returns what opens a campaign of its own with these people in it */
export async function openStage(t: Test) {
  const lines: string[] = []
  const write = (chunk: Buffer, _encoding: string, done: () => void) => {
    lines.push(String(chunk))
    done()
  }
  const log = pino({ level: 'trace' }, new Writable({ write }))
  const locksmith = await startLocksmith(t, { worker: false, publicUrl: `https://${site}`, log })
  const { pool } = locksmith.world
  const visit: Stage['visit'] = (path, { method = 'GET', ...options } = {}) =>
    locksmith.call(method, path, { authorization: null, ...options })
  return async (people: PersonSpec[], language?: 'de' | 'en'): Promise<Stage> => {
    const campaign = await plantCampaign(pool, {
      contacts: [{ address: contact.address, domain: 'acme.example', ...(language && { language }) }]
    })
    await plantPeople(pool, campaign, people)
    return {
      ...locksmith,
      campaign,
      logged: () => lines.join(''),
      visit,
      send: (path, form, headers = {}) =>
        visit(path, {
          method: 'POST',
          body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
          headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }
        }),
      answers: async () => (await pool.query(answers, [campaign.campaignId])).rows,
      linkOf: async (userId) => `/confirm/${await plantLink(pool, campaign, { userId })}`,
      contactLink: async () => `/contact/${await plantLink(pool, campaign, contact)}`
    }
  }
}

const answers = `SELECT p.state, p.answered_by, coalesce(w.actor, a.actor) AS actor, a.request_id
                   FROM participant p JOIN audit_event a ON a.campaign_id = p.campaign_id
                   JOIN audit_personal w ON w.seq = a.seq AND w.place = p.place
                  WHERE p.campaign_id = $1 ORDER BY a.seq`
