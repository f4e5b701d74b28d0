/** Something that a command throws, with the exit code and the place that Symfony shows. */
export class CommandFailure extends Error {
  readonly exit: number
  /** Such as `In PublicKeyTokenMapper.php line 103:`; '' for mistakes of the caller. */
  readonly places: readonly { where: string; message: string }[]
  constructor(places: CommandFailure['places'], exit = 1) {
    super(places[0]?.message ?? '')
    this.places = places
    this.exit = exit
  }
}

const WIDTH = 75

/** The box that Symfony draws around an error, at a terminal's width of 80. */
export function box({ where, message }: { where: string; message: string }): string {
  const lines = message.split('\n').flatMap((line) => chunks(line))
  const width = Math.max(...lines.map((line) => line.length))
  const blank = ' '.repeat(width + 4)
  const framed = lines.map((line) => `  ${line.padEnd(width)}  `)
  return [...(where === '' ? [] : [where]), blank, ...framed, blank, ''].map((line) => `${line}\n`).join('')
}

/** Cut anywhere, words too. */
function chunks(line: string): string[] {
  if (line === '') return ['']
  return Array.from({ length: Math.ceil(line.length / WIDTH) }, (_, index) =>
    line.slice(index * WIDTH, (index + 1) * WIDTH)
  )
}

/** Too large a number for the column: PostgreSQL's complaint, with everything that passed it on. */
export function outOfRange(value: string, version: number): CommandFailure {
  const said = `SQLSTATE[22003]: Numeric value out of range: 7 ERROR:  value "${value}" is out of range for type integer\nCONTEXT:  unnamed portal parameter $2 = '...'`
  const passedOn = `An exception occurred while executing a query: ${said}`
  return new CommandFailure(
    [
      { where: `In DbalException.php line ${version === 34 ? 50 : 56}:`, message: passedOn },
      { where: 'In ExceptionConverter.php line 87:', message: passedOn },
      { where: 'In Exception.php line 24:', message: said },
      { where: 'In Statement.php line 130:', message: said }
    ],
    7
  )
}
