import { parseArgs } from 'node:util'
import { ConfigError, readConfig } from '../config.ts'
import { examine, type Report, reportOf } from '../doctor/doctor.ts'
import { printable } from './doctor-table.ts'
import { findPatient } from './patient.ts'

const usage = 'locksmith host doctor [--json]'

/**
 * `doctor [--json]`: looks at everything, changes nothing, and says what mends it. A table on a terminal, JSON
 * elsewhere. Ends with 1 where there is an error.
 */
export async function doctorCommand(args: string[]): Promise<void> {
  let json: boolean
  try {
    json = parseArgs({ args, options: { json: { type: 'boolean', default: false } } }).values.json
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n  ${usage}\n`)
    process.exitCode = 2
    return
  }
  const { isTTY, columns } = process.stdout
  if (isTTY && !json) process.stderr.write('Looking …\n')
  const report = await look()
  // Some terminals say that they have no columns at all.
  const text =
    isTTY && !json
      ? printable(report, { width: columns || 80, colour: !process.env.NO_COLOR })
      : `${JSON.stringify(report, null, 2)}\n`
  process.exitCode = report.state === 'error' ? 1 : 0
  await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()))
}

async function look(): Promise<Report> {
  const stops: (() => Promise<void>)[] = []
  try {
    return await examine(await findPatient(readConfig(), stops))
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return reportOf(
      error.message.split('\n').map((found) => ({
        name: 'configuration',
        state: 'error' as const,
        found,
        means: 'Locksmith does not start like this, and nothing else was looked at.',
        mend: 'See docs/CONFIGURATION.md'
      })),
      null
    )
  } finally {
    for (const stop of stops.reverse()) await stop().catch(() => {})
  }
}
