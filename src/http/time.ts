import { DomainError } from '../errors.ts'

/**
 * What has the form of a time and may be none, such as a leap second; or one that databases write otherwise.
 * @param where as `querystring/since`
 * @throws DomainError invalid-request
 */
export function readTime(where: string, text: string): Date {
  const time = new Date(text)
  if (Number.isNaN(time.getTime()))
    throw new DomainError('invalid-request', `${where} is no time. Nothing was done.`)
  return time
}
