import { DomainError } from '../errors.ts'

export const notFound = () =>
  new DomainError('not-found', 'The console has no such page. Go to the overview, and on from there.')
