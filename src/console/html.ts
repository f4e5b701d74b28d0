/** How the console writes what it shows. Everything from elsewhere is escaped, and stands by itself. */
import { html, theirs } from '../campaigns/report/markup.ts'
import type { Html, Part } from '../html.ts'

export { count, html, theirs } from '../campaigns/report/markup.ts'

/** A point in time, in UTC and to the second: no reader has to guess whose clock it is. */
export const clock = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`

export const at = (time: string | Date): Html => {
  const iso = typeof time === 'string' ? time : time.toISOString()
  return html`<time datetime="${iso}">${clock(iso)}</time>`
}

export const atOr = (time: string | null | undefined, otherwise: string): Part =>
  time ? at(time) : otherwise

/** Who did something, as the audit names it. */
export const actor = (name: string): Html => html`<span class="actor">${theirs(name)}</span>`

/** What is told of something, name by name; what is undefined or empty is left out. */
export const facts = (rows: [name: string, value: Part][]): Html =>
  html`<dl>${rows.map(([name, value]) => (value === undefined || value === null || value === false || value === '' ? null : html`<div><dt>${name}</dt><dd>${value}</dd></div>`))}</dl>`

/** `key=value` pairs behind a path; what is empty is left out. */
export function query(path: string, values: Record<string, string | number | undefined | null>): string {
  const given = Object.entries(values).filter(
    ([, value]) => value !== undefined && value !== null && value !== ''
  )
  const params = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]))
  return given.length === 0 ? path : `${path}?${params}`
}

export const personPath = (userId: string) => `/console/people/${encodeURIComponent(userId)}`

/** A user, with the way to the page about it. */
export const person = (userId: string): Html => html`<a href="${personPath(userId)}">${theirs(userId)}</a>`

/** A path of the API as the console has it: `/operations/…` → `/console/operations/…`. */
export const consolePath = (path: string) => `/console${path}`

export type Tone = 'good' | 'bad' | 'warn' | 'busy' | 'none'

export const pill = (tone: Tone, text: string): Html => html`<span class="pill ${tone}">${text}</span>`

/** @param next path of the next page; null: this is the last */
export const pages = (first: string | undefined, next: string | null): Part =>
  (first !== undefined || next !== null) &&
  html`<nav class="pages" aria-label="Pages">${first !== undefined && html`<a class="button" href="${first}">First page</a>`}${next !== null && html`<a class="button" href="${next}">Next page</a>`}</nav>`

export const none = (text: string): Html => html`<p class="none">${text}</p>`
