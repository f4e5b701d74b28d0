/** What a schema of the OpenAPI document allows, and what it does not. */
import fc, { type Arbitrary } from 'fast-check'

export type Schema = {
  $ref?: string
  anyOf?: Schema[]
  enum?: unknown[]
  const?: unknown
  type?: string | string[]
  format?: string
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  examples?: unknown[]
}

/** Strings that have hurt others. */
export const hostileText = fc.constantFrom(
  '',
  ' ',
  '.',
  '..',
  '../../admin',
  '%2e%2e',
  '\u0000',
  '\ud800',
  '\u202eadmin',
  'admin ',
  'ADMIN',
  '-x',
  '--help',
  "';DROP TABLE operation;--",
  '$(id)',
  '`id`',
  '\r\nBcc: x@example.net',
  '<script>alert(1)</script>',
  '{{7*7}}',
  'a'.repeat(5_000),
  '😀'.repeat(64),
  '__proto__',
  'constructor',
  'null',
  '1e400',
  '-1',
  '9007199254740993'
)

const whatever: Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.jsonValue(), { maxLength: 3 }),
  fc.dictionary(fc.oneof(hostileText, fc.string()), fc.jsonValue(), { maxKeys: 3 })
)

/** Fits the schema. @param named resolves `$ref` */
export function fitting(schema: Schema, named: (ref: string) => Schema): Arbitrary<unknown> {
  const fits = (inner: Schema) => fitting(inner, named)
  if (schema.$ref) return fits(named(schema.$ref))
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(fits))
  if ('const' in schema) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  switch (schema.type) {
    case 'string':
      return text(schema)
    case 'integer':
    case 'number':
      return fc.integer({
        min: schema.minimum ?? -1_000,
        max: Math.min(schema.maximum ?? 1_000, 2 ** 31 - 1)
      })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(fits(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, 4)
      })
    case 'object':
      return fc.record(
        Object.fromEntries(
          Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, fits(inner)])
        ),
        { requiredKeys: schema.required ?? [] }
      ) as Arbitrary<unknown>
    default:
      return fc.jsonValue()
  }
}

function text({
  format,
  pattern,
  examples = [],
  minLength = 0,
  maxLength = 200
}: Schema): Arbitrary<unknown> {
  const given = examples.length > 0 ? [fc.constantFrom(...examples)] : []
  if (format === 'uuid') return fc.oneof(...given, fc.uuid())
  if (format === 'date-time')
    return fc
      .date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') })
      .map((date) => date.toISOString())
  const free = fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 200) })
  return fc.oneof(...given, pattern === undefined ? free : matching(pattern, free))
}

/** Of what is rare among all texts. */
const rare = fc.constantFrom(
  'P30D',
  'PT1H',
  'PT90M',
  'P1Y2M3W4DT5H6M',
  'boss@example.org',
  "o'neil@x.example",
  '10.0.0.0/8'
)

function matching(pattern: string, free: Arbitrary<string>): Arbitrary<string> {
  const form = new RegExp(pattern, 'u')
  if (fc.sample(free, 20).some((value) => form.test(value))) return free.filter((value) => form.test(value))
  return pattern.includes('(?') || pattern.includes('@') ? rare : fc.stringMatching(form, { size: 'small' })
}

/** Fits, or is spoiled somewhere. */
export const nearly = (schema: Schema, named: (ref: string) => Schema): Arbitrary<unknown> =>
  fc.oneof(
    { weight: 20, arbitrary: fitting(schema, named) },
    { weight: 1, arbitrary: whatever },
    { weight: 2, arbitrary: fc.tuple(fitting(schema, named), hostileText, whatever).map(spoil) }
  )

function spoil([value, name, other]: [unknown, string, unknown]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return other
  const members = Object.keys(value)
  const at = members.length > 0 ? members[name.length % members.length]! : name
  return { ...value, [at]: other }
}
