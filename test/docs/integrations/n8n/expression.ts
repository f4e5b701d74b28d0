import { createContext, runInContext } from 'node:vm'
import type { Item } from './nodes.ts'

type Scope = { item: Item; runIndex: number; given: Record<string, Item[]> }

/** A parameter's value: a text that begins with `=` has expressions in `{{ }}`; one that is nothing else keeps its kind. */
export function evaluate(value: unknown, { item, runIndex, given }: Scope): unknown {
  if (typeof value !== 'string' || !value.startsWith('=')) return value
  const context = createContext({
    $json: item.json,
    $runIndex: runIndex,
    // Without arguments: what the node gave the last time that it ran.
    $: (name: string) => ({
      first() {
        const last = given[name]?.at(-1)
        if (!last) throw new Error(`${name} has not run`)
        return last
      }
    })
  })
  const text = value.slice(1)
  const resultOf = (code: string) => runInContext(`(${code})`, context, { timeout: 1_000 })
  const [whole, code] = /^\{\{((?:(?!\}\}).)*)\}\}$/s.exec(text) ?? []
  if (whole !== undefined) return resultOf(code!)
  return text.replace(/\{\{(.*?)\}\}/gs, (_, code) => String(resultOf(code)))
}
