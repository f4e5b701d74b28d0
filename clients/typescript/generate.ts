/**
 * Writes what follows from ../../openapi/openapi.json into `src`, or into the folder that is given: `schema.ts`, its types,
 * and `operations.ts`, what a call has to know of its operation.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'

type Operation = {
  parameters?: { in: string; name: string }[]
  responses: Record<string, { content?: Record<string, unknown> }>
}

const document = JSON.parse(readFileSync(new URL('../../openapi/openapi.json', import.meta.url), 'utf8'))
// A body may leave out what has a default.
const types = astToString(await openapiTS(document, { defaultNonNullable: false }))

const operations = Object.entries<Record<string, Operation>>(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    operation
  }))
)
const keyed = operations.filter(({ operation }) =>
  operation.parameters?.some(({ name }) => name === 'idempotency-key')
)
const texts = operations.filter(({ operation: { responses } }) =>
  Object.entries(responses).some(
    ([status, { content = {} }]) =>
      status < '300' && Object.keys(content).some((type) => !/[/+]json$/.test(type))
  )
)
const set = (name: string, of: typeof operations) =>
  `export const ${name}: ReadonlySet<string> = new Set(${JSON.stringify(
    of.map((each) => each.name),
    null,
    2
  )})\n`

const folder = process.argv[2] ?? fileURLToPath(new URL('src', import.meta.url))
const write = (file: string, text: string) =>
  writeFileSync(
    `${folder}/${file}`,
    `/** Made by \`npm run client\` from openapi/openapi.json: change the routes, not this. */\n\n${text}`
  )
mkdirSync(folder, { recursive: true })
write('schema.ts', types)
write(
  'operations.ts',
  `/** Done once for each \`Idempotency-Key\`. Of others a second one finds it done, or does it twice. */
${set('keyed', keyed)}
/** What answers text and not JSON, or may. */
${set('texts', texts)}`
)
