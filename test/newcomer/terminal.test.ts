import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { codeOf, invitations, npmStart, terminal } from './service.ts'

t.test(
  'a newcomer comes from the README to a locked-out leaver, a finished campaign and its report, at a terminal',
  { timeout: 500_000 },
  async (t) => {
    const service = await npmStart(t)
    const { banner, key, url, filledIn, askSandbox } = service
    t.match(banner, `export LOCKSMITH_URL=${url} LOCKSMITH_API_KEY=${key}`)
    const shell = terminal(t, 'bash --norc -i')
    await shell.shows(/[$#] $/)

    const lines = filledIn(codeOf('README.md', 'sh', 'offboard bob'))
      .trim()
      .split('\n')
    t.equal(lines.length, 4)
    const [setting, users, offboard, history] = lines
    shell.type(`${setting}\n${users}\n`)
    await shell.shows(/bob +Bob Baker/)
    shell.type(`${offboard}\n`)
    await shell.shows(/Off-board bob\? \[y\/N\] /)
    t.match(shell.screen(), /would be queued[\s\S]*· revoke-tokens/, 'what would come of it is shown before')
    shell.type('y\n')
    await shell.shows(/offboard of bob: succeeded/)
    t.match(shell.screen(), /✓ revoke-tokens/)
    shell.type(`${history}\n`)
    await shell.shows(/It was done, and ended well/)
    const { body: all } = await askSandbox('GET', '/sandbox/api/users')
    t.match(
      all.find(({ id }: { id: string }) => id === 'bob'),
      { enabled: false },
      'bob is locked out'
    )

    const folder = t.testdir()
    const campaign = join(folder, 'acme.json')
    const report = join(folder, 'review.html')
    writeFileSync(campaign, codeOf('docs/CAMPAIGNS.md', 'json', 'Acme, autumn'))
    shell.type(`${codeOf('docs/CLI.md', 'sh', 'alias locksmith')}locksmith --help | head -n 1\n`)
    const [create, start, watch] = codeOf('docs/CAMPAIGNS.md', 'sh', 'locksmith campaign create').split('\n')
    shell.type(`${create!.replace('acme.json', campaign)}\n`)
    await shell.shows(/Create "Acme, autumn"\? \[y\/N\] $/)
    shell.type('y\n')
    const [, id] = /^ *id +([\da-f-]{36})/m.exec(await shell.shows(/^ *id +[\da-f-]{36}/m))!
    const ofIt = (line: string) => `${line.replace('<the id that it said>', id!)}\n`
    shell.type(ofIt(start!))
    await shell.shows(/\? \[y\/N\] [^\n]*$/)
    shell.type('y\n')
    await shell.shows(/planning/)
    shell.type(ofIt(watch!))
    for (const { link } of await invitations(service, ['alice', 'grace'])) {
      const answered = await fetch(link, {
        method: 'POST',
        body: new URLSearchParams({ answer: 'confirmed' })
      })
      t.equal(answered.status, 200, 'each opens the link, and presses the button')
    }
    await shell.shows(/closed/, 120)
    shell.type(`locksmith campaign report ${id} --output ${report}; echo so: $?\n`)
    await shell.shows(/so: 0/)
    const printed = readFileSync(report, 'utf8')
    for (const words of ['Acme, autumn', 'alice@acme.example', 'grace@acme.example']) t.match(printed, words)
    shell.type('exit\n')
    await service.stop()
  }
)
