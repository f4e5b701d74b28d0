import t from 'tap'
import { resolveWithin } from '../../src/http/docs-resolver.ts'
import { openapiDocument } from '../../src/http/document.ts'

// As it reaches the browser: without anything around it.
const plugin: typeof resolveWithin = new Function(`return ${resolveWithin}`)()
const { resolveSubtree } = plugin().fn

t.test('what a reference leads to stands in its place, and whence it is', async (t) => {
  const document = {
    paths: { '/a/{b}': { get: { responses: { 200: { $ref: '#/components/responses/ok' } } } } },
    components: {
      responses: { ok: { description: 'ok', list: [{ $ref: '#/components/schemas/a~1b%7D' }, null, 1] } },
      schemas: { 'a/b}': { type: 'string', description: 'general' } }
    }
  }
  t.strictSame(await resolveSubtree(document, ['paths', '/a/{b}', 'get'], { baseDoc: 'https://x/json' }), {
    spec: {
      responses: {
        200: {
          description: 'ok',
          list: [
            {
              type: 'string',
              description: 'general',
              $$ref: 'https://x/json#/components/schemas/a~1b%7D'
            },
            null,
            1
          ],
          $$ref: 'https://x/json#/components/responses/ok'
        }
      }
    },
    errors: []
  })
})

t.test('what is said beside a reference comes first, and one that leads to itself is left', async (t) => {
  const node = { type: 'object', properties: { next: { $ref: '#/node', description: 'the next' } } }
  const { spec } = await resolveSubtree({ node, top: { $ref: '#/node', type: 'null' } }, ['top'])
  t.strictSame(spec, { type: 'null', properties: node.properties, $$ref: '#/node' })
})

t.test('every reference of the document leads to something in it', async (t) => {
  const document = await openapiDocument()
  const refs = new Set([...JSON.stringify(document).matchAll(/"\$ref":"(.*?)"/g)].map(([, ref]) => ref!))
  t.ok(refs.size > 100)
  for (const ref of refs) {
    t.ok(ref.startsWith('#/'), ref)
    const { spec } = await resolveSubtree({ ...document, here: { $ref: ref } }, ['here'])
    t.ok(Object.keys(spec as object).length > 1, ref)
  }
})
