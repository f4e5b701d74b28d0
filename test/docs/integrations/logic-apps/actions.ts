import { type Json, oneOf, only, textOf } from '../strict.ts'
import type { Action, Run, Status } from './workflow.ts'

type Kind = (run: Run, name: string, action: Action) => Promise<Status | undefined>

const branch = (name: string, value: unknown) =>
  only(name, value ?? { actions: {} }, ['actions']).actions as Record<string, Action>

/** By `type` of the action. @returns how it went; undefined: well */
export const kinds: Record<string, Kind> = {
  async Compose(run, name, action) {
    const { inputs } = only(name, action, ['type', 'inputs', 'runAfter'])
    run.result.outputs[name] = run.evaluate(inputs)
    return undefined
  },

  async InitializeVariable(run, name, action) {
    const { inputs } = only(name, action, ['type', 'inputs', 'runAfter'])
    const [variable, ...more] = only(name, inputs, ['variables']).variables as unknown[]
    if (more.length > 0) throw new Error(`${name}: more than one variable`)
    const { name: called, type, value } = only(name, variable, ['name', 'type', 'value'])
    oneOf(name, type, 'string', 'object')
    run.declare(textOf(name, called), run.evaluate(value))
    return undefined
  },

  async SetVariable(run, name, action) {
    const { inputs } = only(name, action, ['type', 'inputs', 'runAfter'])
    const { name: called, value } = only(name, inputs, ['name', 'value'])
    run.set(called, run.evaluate(value))
    return undefined
  },

  async Wait(run, name, action) {
    const { inputs } = only(name, action, ['type', 'inputs', 'runAfter'])
    const { count, unit } = only(name, only(name, inputs, ['interval']).interval, ['count', 'unit'])
    oneOf(name, unit, 'Second')
    await run.wait(Number(count))
    return undefined
  },

  async Http(run, name, action) {
    const { inputs, operationOptions } = only(name, action, [
      'type',
      'inputs',
      'operationOptions',
      'runtimeConfiguration',
      'runAfter'
    ])
    // Otherwise a 202 with a Location is followed until it is something else, which ours never becomes.
    oneOf(name, operationOptions, 'DisableAsyncPattern')
    const outputs = await run.http(inputs)
    run.result.outputs[name] = outputs
    return outputs && outputs.statusCode < 400 ? 'Succeeded' : 'Failed'
  },

  async If(run, name, action) {
    const {
      expression,
      actions,
      else: otherwise
    } = only(name, action, ['type', 'expression', 'actions', 'else', 'runAfter'])
    return run.all(
      holds(run, name, expression) ? (actions as Record<string, Action>) : branch(name, otherwise)
    )
  },

  async Switch(run, name, action) {
    const {
      expression,
      cases,
      default: otherwise
    } = only(name, action, ['type', 'expression', 'cases', 'default', 'runAfter'])
    const value = run.evaluate(expression)
    for (const [label, each] of Object.entries(cases as Json)) {
      const { case: wanted, actions } = only(label, each, ['case', 'actions'])
      if (wanted === value) return run.all(actions as Record<string, Action>)
    }
    return run.all(branch(name, otherwise))
  },

  /** Its last turn tells how it went; at its limit it ends, too. */
  async Until(run, name, action) {
    const { expression, limit, actions } = only(name, action, [
      'type',
      'expression',
      'limit',
      'actions',
      'runAfter'
    ])
    const { count } = only(name, limit, ['count', 'timeout'])
    for (let turn = 1; ; turn++) {
      const status = await run.all(actions as Record<string, Action>)
      if (oneOf(name, run.evaluate(expression), true, false) || turn >= Number(count)) return status
    }
  },

  async Terminate(run, name, action) {
    const { inputs } = only(name, action, ['type', 'inputs', 'runAfter'])
    const { runStatus, runError } = only(name, inputs, ['runStatus', 'runError'])
    oneOf(name, runStatus, 'Failed')
    const { code, message } = only(name, run.evaluate(runError), ['code', 'message'])
    return run.terminate({ code: textOf(name, code), message: textOf(name, message) })
  }
}

function holds(run: Run, name: string, expression: unknown): boolean {
  const [[operator, operands] = [], ...more] = Object.entries(expression as Json)
  if (more.length > 0) throw new Error(`${name}: more than one condition`)
  if (oneOf(name, operator, 'or', 'equals') === 'or')
    return (operands as unknown[]).some((each) => holds(run, name, each))
  const [left, right] = run.evaluate(operands) as unknown[]
  return left === right
}
