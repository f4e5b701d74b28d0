/** Parts of forms. */
import { Html, type Part } from '../html.ts'
import { html } from './html.ts'

type Hints = { hint?: string; value?: string | undefined }

const hintOf = (id: string, hint: string | undefined) =>
  hint !== undefined && html`<p class="hint" id="${id}-hint">${hint}</p>`
const describedBy = (id: string, hint: string | undefined) =>
  hint !== undefined && html` aria-describedby="${id}-hint"`

export const textField = (
  name: string,
  label: string,
  {
    hint,
    value,
    type = 'text',
    max = 500,
    required = false,
    complete = 'off'
  }: Hints & {
    type?: string
    max?: number
    required?: boolean
    complete?: string
  } = {}
): Html =>
  html`<div class="field"><label for="${name}">${label}</label><input id="${name}" name="${name}" type="${type}" maxlength="${max}" autocomplete="${complete}" value="${value ?? ''}"${required && new Html(' required')}${describedBy(name, hint)}>${hintOf(name, hint)}</div>`

export const choice = (
  name: string,
  label: string,
  options: [value: string, text: string][],
  { hint, value }: Hints = {}
): Html =>
  html`<div class="field"><label for="${name}">${label}</label><select id="${name}" name="${name}"${describedBy(name, hint)}>${options.map(([each, text]) => html`<option value="${each}"${each === value && new Html(' selected')}>${text}</option>`)}</select>${hintOf(name, hint)}</div>`

export const checkBox = (name: string, label: string, { hint, value }: Hints = {}): Html =>
  html`<div class="field check"><input type="checkbox" id="${name}" name="${name}" value="yes"${value === 'yes' && new Html(' checked')}${describedBy(name, hint)}><div><label for="${name}">${label}</label>${hintOf(name, hint)}</div></div>`

export const hidden = (values: Record<string, string | undefined>): Part =>
  Object.entries(values).map(
    ([name, value]) => value !== undefined && html`<input type="hidden" name="${name}" value="${value}">`
  )

export const reasonField = (value?: string): Html =>
  textField('reason', 'Why', { hint: 'Kept in the audit, and shown to others.', value })
