import type { Command } from 'commander'
import { printable } from '../../cli/doctor-table.ts'
import type { Report } from '../../doctor/doctor.ts'
import { exit } from '../exit.ts'
import { addLeaf, option, type Tree } from '../leaf.ts'
import { given } from '../list.ts'
import { safeLines } from '../safe.ts'

/** What is about Locksmith as a whole. */
export function addService(tree: Tree, program: Command): void {
  addLeaf<{ reason?: string }>(tree, program, {
    is: 'stop',
    does: 'do nothing more to anybody, on any replica, until resume',
    examples: ['stop --reason "what I see"'],
    options: [option('--reason <text>', 'why; it is in the audit')],
    run: async (context, _args, { reason }) => {
      const init = { body: given({ reason }), signal: context.io.signal }
      const { data } = await context.locksmith().POST('/stop', init)
      await context.show(data)
    }
  })
  addLeaf(tree, program, {
    is: 'resume',
    does: 'go on after a stop',
    examples: ['resume'],
    run: async (context) => {
      const { data } = await context.locksmith().POST('/resume', { signal: context.io.signal })
      await context.show(data)
    }
  })
  addLeaf(tree, program, {
    is: 'status',
    does: 'whether somebody stopped it; ends with 3 then',
    examples: ['status'],
    run: async (context) => {
      const { data } = await context.locksmith().GET('/stop', { signal: context.io.signal })
      await context.show(data)
      return data.stopped ? exit.attention : exit.done
    }
  })
  addLeaf(tree, program, {
    is: 'doctor',
    does: 'what is wrong, what it means, and what mends it; ends with 1 on errors',
    examples: ['doctor'],
    run: async (context) => {
      const { data } = await context.locksmith().GET('/doctor', { signal: context.io.signal })
      const width = Math.min(context.look.width, 100)
      await context.answer(data, (it) => printable(it as Report, { ...context.look, width }).trim())
      return data.state === 'error' ? exit.refused : exit.done
    }
  })
  addLeaf(tree, program, {
    is: 'explain <problem>',
    does: 'what a problem means, and what to do',
    examples: ['explain needs-password-replacement'],
    run: async (context, [code]) => {
      const init = { params: { path: { code: code! } }, signal: context.io.signal }
      const { data } = await context.locksmith().GET('/problems/{code}', init)
      if (context.json) await context.document({ code, page: data })
      else await context.say(safeLines(String(data)).trim())
    }
  })
}
