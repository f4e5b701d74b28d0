/** One request as a client documents it, and what it is told. Where the documents have ids of theirs, ours stand. */
export type Exchange = {
  says: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  body?: object
  answer: { status: number; body?: object }
}

/** Whom the documents are about: `userName` there is the user's id in Nextcloud here. */
export type Person = { id: string; externalId: string; address: string }
