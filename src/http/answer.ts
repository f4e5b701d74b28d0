import Type, { type Static, type TSchema } from 'typebox'

type Headers = Record<string, { type: 'string'; description: string }>

const examplesOf = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]))

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
      examples: examplesOf(examples)
    }
  }
})

/** For `content`: an answer that is no JSON, with examples as {@link answer} has them. */
export const text = (examples: Record<string, string>, description?: string) => ({
  schema: Type.String(description === undefined ? {} : { description }),
  examples: examplesOf(examples)
})

/**
 * A reference to a schema that was given to `addSchema`, so that the document has it once.
 * Unlike `Type.Ref` it keeps the type of what it names.
 */
export const named = <T extends TSchema>(schema: T) =>
  Type.Unsafe<Static<T>>({ $ref: `${(schema as { $id?: string }).$id}#` })
