import { Command, CommanderError } from 'commander'
import { hostCommands, processes } from '../cli/commands.ts'
import { version } from '../version.ts'
import { addActs } from './commands/act.ts'
import { addApprovals } from './commands/approvals.ts'
import { addAudit } from './commands/audit.ts'
import { addCampaigns } from './commands/campaign.ts'
import { addKeys } from './commands/keys.ts'
import { addOperations } from './commands/operations.ts'
import { addService } from './commands/service.ts'
import { addUsers } from './commands/users.ts'
import { addWebhooks } from './commands/webhooks.ts'
import { completionOf, shells } from './completion.ts'
import { createContext } from './context.ts'
import { type ExitCode, exit, exitOf, Interrupted } from './exit.ts'
import { type Io, isColoured, write } from './io.ts'
import { addGroup, addLeaf, type Tree } from './leaf.ts'
import { explain } from './refusal.ts'
import { safe } from './safe.ts'

/** Runs a command over REST. @returns what the process ends with */
export async function run(argv: string[], io: Io): Promise<ExitCode> {
  const { program, tree } = buildProgram(io)
  try {
    await program.parseAsync(argv, { from: 'user' })
    return tree.ended.code
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exit.done
    const why = io.signal.aborted && !(error instanceof Interrupted) ? new Interrupted('Interrupted.') : error
    // commander has said what is wrong itself.
    if (!(error instanceof CommanderError)) {
      io.stderr.write(`locksmith ${safe(tree.at ?? '')}: `)
      await explain(tree.context ?? createContext(io, {}), why)
    }
    const code = exitOf(why)
    if (code === exit.usage) hintAtHost(argv, io)
    return code
  }
}

/** What these names meant before they were the API's: they still work, on the host. */
function hintAtHost([first = '', second = '']: string[], { stderr }: Io): void {
  if (!Object.hasOwn(hostCommands, first)) return
  const form = [first, second].filter((word) => /^[a-z-]+$/.test(word) && !word.startsWith('-')).join(' ')
  stderr.write(`On Locksmith's own host, and on its database, it is: locksmith host ${form}\n`)
}

/** All commands, with help and examples. */
export function buildProgram(io: Io): { program: Command; tree: Tree } {
  const program = new Command('locksmith')
  const tree: Tree = { io, ended: { code: exit.done }, examples: new Map() }
  program
    .description('Resets and off-boards users of Nextcloud. Settings and exit codes: docs/CLI.md')
    .version(version, '-V, --version', 'which version it is')
    .helpOption('-h, --help', 'what a command does, with an example')
    .helpCommand('help [command]', 'what a command does, with an example')
    .showHelpAfterError('(--help says more)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns || 80,
      getErrHelpWidth: () => io.stderr.columns || 80,
      getOutHasColors: () => isColoured(io, io.stdout),
      getErrHasColors: () => isColoured(io, io.stderr)
    })
  program.commandsGroup('Users:')
  addUsers(tree, program)
  addActs(tree, program)
  program.commandsGroup('What goes on:')
  addOperations(tree, program)
  addApprovals(tree, program)
  addCampaigns(tree, program)
  addAudit(tree, program)
  program.commandsGroup('Locksmith itself:')
  addKeys(tree, program)
  addWebhooks(tree, program)
  addService(tree, program)
  addCompletion(tree, program)
  program.commandsGroup('On its host (settings: docs/CONFIGURATION.md):')
  addHost(tree, program)
  return { program, tree }
}

function addCompletion(tree: Tree, program: Command): void {
  addLeaf(tree, program, {
    is: 'completion <shell>',
    does: `completion for ${shells.join(', ')}`,
    examples: [
      'completion bash > ~/.local/share/bash-completion/completions/locksmith',
      'completion zsh',
      'completion fish'
    ],
    run: async ({ io }, [shell]) => write(io.stdout, completionOf(shell!, program))
  })
}

/** What main.ts runs itself; here for help and completion. */
function addHost(tree: Tree, program: Command): void {
  for (const [name, { does, example }] of Object.entries(processes))
    addGroup(tree, program, name, does, example)
  const host = addGroup(tree, program, 'host', 'on the database, without a key', 'host keys list')
  for (const [name, { does, example, usage }] of Object.entries(hostCommands))
    addGroup(tree, host, name, does, example).addHelpText('before', `locksmith host\n\n  ${usage}\n`)
}
