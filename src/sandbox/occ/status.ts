import { type Command, cliJson, output, type Run } from './command.ts'

function status({ nextcloud, options, write }: Run): number {
  const { settings, quirks } = nextcloud
  const maintenance = settings.maintenance || settings.occ === 'maintenance'
  const needsUpgrade = settings.occ === 'upgrade'
  const values = {
    installed: true,
    version: quirks.version,
    versionstring: quirks.versionString,
    edition: '',
    maintenance,
    needsDbUpgrade: needsUpgrade,
    productname: 'Nextcloud',
    extendedSupport: false
  }
  if (options.has('exit-code')) return maintenance ? 1 : needsUpgrade ? 2 : 0
  if (options.get('output') === 'json') write(cliJson(values))
  else for (const [name, value] of Object.entries(values)) write(`  - ${name}: ${value}`)
  return 0
}

export const statusCommands: readonly Command[] = [
  {
    name: 'status',
    synopsis: () => 'status [--output [OUTPUT]] [-e|--exit-code]',
    arguments: [],
    options: [output, { name: 'exit-code', shortcut: 'e', value: 'none' }],
    run: status
  }
]
