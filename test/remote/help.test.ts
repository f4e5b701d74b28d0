import { globSync, readFileSync } from 'node:fs'
import type { Command } from 'commander'
import t from 'tap'
import { hostCommands, processes } from '../../src/cli/commands.ts'
import { kinds } from '../../src/remote/act/kinds.ts'
import { scopes } from '../../src/remote/commands/keys.ts'
import { buildProgram } from '../../src/remote/program.ts'
import { runHere } from './stage.ts'
import { shellLines, wordsOf } from './words.ts'

const root = new URL('../../', import.meta.url)
const read = (file: string) => readFileSync(new URL(file, root), 'utf8')
const document = JSON.parse(read('openapi/openapi.json'))

const silent = () => {
  const nowhere = { write: () => true }
  return buildProgram({
    stdin: {},
    stdout: nowhere,
    stderr: nowhere,
    env: {},
    signal: AbortSignal.abort()
  } as never)
}
const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)]
const nameOf = (command: Command): string =>
  command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name()

/** Which command a line calls. @throws where it is none, or not called like that */
async function called(words: string[]): Promise<string> {
  const [first, second, third] = words
  if (first === 'host') {
    const { usage } = hostCommands[second!]!
    if (
      !new RegExp(
        `^ *${second}\\b${/^[a-z-]+$/.test(third ?? '') && !third!.startsWith('-') ? ` ${third}\\b` : ''}`,
        'm'
      ).test(usage)
    )
      throw new Error(`no host command ${words.join(' ')}`)
    return `host ${second}`
  }
  if (Object.hasOwn(processes, first!)) return first!
  const { program } = silent()
  let name = ''
  for (const command of all(program))
    if (command.commands.length === 0)
      command.action(() => {
        name = nameOf(command)
      })
  await program.parseAsync(words, { from: 'user' })
  return name.replace(/^locksmith /, '')
}

t.test('the help of every command has an example, and the example is a call of that command', async (t) => {
  const { program, tree } = silent()
  for (const command of all(program).slice(1)) {
    const name = nameOf(command)
    const examples = tree.examples.get(command) ?? []
    t.ok(examples.length > 0, name)
    t.ok(command.description().length > 0)
    const path = name.split(' ').slice(1)
    const { code, out } = await runHere([...path, '--help'])
    t.equal(code, 0)
    for (const example of examples) {
      t.ok(out.includes(`locksmith ${example}`), `${name} --help: ${example}`)
      const is = await called(wordsOf(example))
      t.ok(is === path.join(' ') || is.startsWith(`${path.join(' ')} `), `${example} calls ${is}`)
    }
  }
  const said = await runHere(['help'])
  for (const { name } of program.commands.map((each) => ({ name: each.name() })))
    t.match(said.out, new RegExp(`^ {2}${name}\\b`, 'm'))
})

t.test('every command in the guide and in the README can be called as it stands there', async (t) => {
  const lines = ['docs/CLI.md', 'README.md'].flatMap((page) => shellLines(read(page)))
  const commands = lines
    .map((line) => /^(?:npm run -s locksmith --|locksmith) (.*)/.exec(line)?.[1])
    .filter((line) => line !== undefined)
  t.ok(commands.length > 30)
  for (const command of commands) await t.resolves(called(wordsOf(command.replace(/\\$/, ''))), command)
})

t.test('what can be wished for is what the API takes: no more, no less', async (t) => {
  for (const kind of kinds) {
    const { requestBody, parameters } = document.paths[kind.path][kind.method.toLowerCase()]
    const members: Record<string, { enum?: string[] }> = requestBody
      ? requestBody.content['application/json'].schema.properties
      : Object.fromEntries(
          parameters
            .filter((each: { in: string; name: string }) => each.in === 'query' && each.name !== 'dryRun')
            .map((each: { name: string; schema: object }) => [each.name, each.schema])
        )
    const options = Object.fromEntries(
      kind.options.map((each) => [each.attributeName().replace(/^leaveGroup$/, 'groups'), each.argChoices])
    )
    t.same(Object.keys(options).toSorted(), Object.keys(members).toSorted(), kind.name)
    for (const [name, choices] of Object.entries(options)) {
      const allowed = members[name]!.enum
      t.same(
        choices?.toSorted(),
        name === 'groups' ? undefined : allowed?.toSorted(),
        `${kind.name}: ${name}`
      )
    }
  }
  t.same(scopes.toSorted(), document.components.schemas.ApiKey.properties.scopes.items.enum.toSorted())
  const { program } = silent()
  const choicesOf = (path: string, option: string) =>
    all(program)
      .find((command) => nameOf(command) === `locksmith ${path}`)!
      .options.find(({ long }) => long === option)!.argChoices!
  for (const [path, command, option] of [
    ['/operations', 'operations list', '--state'],
    ['/operations', 'operations list', '--kind'],
    ['/approvals', 'approvals list', '--state'],
    ['/campaigns', 'campaign list', '--state'],
    ['/campaigns/{campaignId}/participants', 'campaign participants', '--state'],
    ['/campaigns/{campaignId}/report', 'campaign report', '--format'],
    ['/webhooks/{webhookId}/deliveries', 'webhooks deliveries', '--state'],
    ['/audit', 'audit search', '--outcome']
  ] as const) {
    const { schema } = document.paths[path].get.parameters.find(
      (each: { name: string }) => `--${each.name}` === option
    )
    t.same(choicesOf(command, option).toSorted(), schema.enum.toSorted(), `${command} ${option}`)
  }
})

t.test('whatever people ask Locksmith for has a command', async (t) => {
  const source = globSync('src/remote/**/*.ts', { cwd: root }).map(read).join('\n')
  // What providers and machines speak.
  const others = /^\/(scim|ssf|\.well-known|health|metrics|global-token-revocation)\b/
  for (const path of Object.keys(document.paths).filter((each) => !others.test(each))) {
    const parent = path.replace(/\/[a-z]+$/, '/')
    const isBuilt = source.includes(`\`${parent}\${verb}\``) && source.includes(`'${path.split('/').at(-1)}'`)
    const isToken = path === '/users/{userId}/tokens/{tokenId}'
    t.ok(
      source.includes(`'${path}'`) || isBuilt || (isToken && source.includes('/users/{userId}/tokens/${')),
      path
    )
  }
})
