import { phpJson } from './php-json.ts'

/** What is sent back. */
export interface Reply {
  status: number
  headers: Record<string, string | string[]>
  body: string
}

const jsonType = 'application/json; charset=utf-8'
const htmlType = 'text/html; charset=UTF-8'

export function json(data: unknown, status = 200): Reply {
  return { status, headers: { 'content-type': jsonType }, body: phpJson(data) }
}

export function html(body: string, status = 200): Reply {
  return { status, headers: { 'content-type': htmlType }, body }
}

/** No body, as PHP leaves it when nothing was printed. */
export function empty(status: number): Reply {
  return html('', status)
}

export function redirect(location: string, status = 303): Reply {
  return { status, headers: { 'content-type': htmlType, location }, body: '' }
}
