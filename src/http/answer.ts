import Type, { type Static, type TSchema } from 'typebox'

type Headers = Record<string, { type: 'string'; description: string }>

/** For `response`: a JSON answer, with examples by a name that is unique in the whole document. */
export const answer = <T extends TSchema>(
  description: string,
  schema: T,
  examples: Record<string, Static<T>>,
  headers: Headers = {}
) => ({
  description,
  headers,
  content: {
    'application/json': {
      schema,
      examples: Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }]))
    }
  }
})

/**
 * A reference to a schema that was given to `addSchema`, so that the document has it once.
 * Unlike `Type.Ref` it keeps the type of what it names.
 */
export const named = <T extends TSchema>(schema: T) =>
  Type.Unsafe<Static<T>>({ $ref: `${(schema as { $id?: string }).$id}#` })
