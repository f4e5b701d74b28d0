/**
 * Runs workflows of n8n as n8n does (executionOrder v1, one item at a time), as far as our examples go. Whatever it does
 * not know is an error: a parameter, a type of node, a version, a name in an expression.
 */
import { only } from '../strict.ts'
import { evaluate } from './expression.ts'
import { type Item, type NodeType, nodeTypes, type Resolve } from './nodes.ts'

type Node = {
  name: string
  type: string
  typeVersion: number
  parameters: unknown
  retryOnFail?: boolean
  maxTries?: number
  waitBetweenTries?: number
}

export type Surroundings = {
  /** What the credential `httpHeaderAuth` holds. */
  credential: { name: string; value: string }
  /** Waits so much shorter. */
  haste: number
  /** Called by the node that answers a webhook. */
  respond?: (status: number) => void
}

/** What each node gave, run after run. */
export type Run = { given: Record<string, Item[]>; waited: number; failed: string | undefined }

const nodeMembers = [
  'parameters',
  'id',
  'name',
  'type',
  'typeVersion',
  'position',
  'credentials',
  'webhookId',
  'retryOnFail',
  'maxTries',
  'waitBetweenTries'
] as const

export class Stopped extends Error {}

export async function runWorkflow(file: unknown, input: Item, surroundings: Surroundings): Promise<Run> {
  const workflow = only('workflow', file, [
    'id',
    'name',
    'nodes',
    'connections',
    'active',
    'settings',
    'pinData'
  ])
  const nodes = new Map<string, { node: Node; type: NodeType }>()
  for (const each of workflow.nodes as unknown[]) {
    const node = only('node', each, nodeMembers) as Node
    const type = nodeTypes[`${node.type} ${node.typeVersion}`]
    if (!type) throw new Error(`${node.name}: ${node.type} ${node.typeVersion} is not known`)
    if (nodes.has(node.name)) throw new Error(`${node.name} is there twice`)
    nodes.set(node.name, { node, type })
  }
  const connections = workflow.connections as Record<string, { main: { node: string; index: number }[][] }>
  const run: Run = { given: {}, waited: 0, failed: undefined }
  const starts = [...nodes.values()].filter(({ type }) => type.starts)
  if (starts.length !== 1) throw new Error('not one node to start with')
  const queue = [{ name: starts[0]!.node.name, item: input }]
  while (queue.length > 0) {
    const { name, item } = queue.shift()!
    const { node, type } = nodes.get(name)!
    const ran = (run.given[name] ??= [])
    const resolve: Resolve = (value) => evaluate(value, { item, runIndex: ran.length, given: run.given })
    let outputs: (Item | undefined)[]
    try {
      outputs = await trying(node, () =>
        type.run({ what: name, parameters: node.parameters, item, resolve, surroundings, run })
      )
    } catch (error) {
      if (!(error instanceof Stopped)) throw error
      run.failed = error.message
      return run
    }
    ran.push(outputs.find((output) => output !== undefined) ?? item)
    for (const [n, output] of outputs.entries())
      if (output)
        for (const { node: next } of connections[name]?.main[n] ?? [])
          queue.push({ name: next, item: output })
  }
  return run
}

/** "Retry On Fail": after a failure of the network, with the same parameters. */
async function trying<T>(node: Node, work: () => Promise<T>): Promise<T> {
  const tries = node.retryOnFail ? node.maxTries! : 1
  if (tries > 5 || (node.waitBetweenTries ?? 0) > 5_000) throw new Error(`${node.name}: more than n8n allows`)
  for (let n = 1; ; n++)
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof TypeError && error.message === 'fetch failed') || n === tries) throw error
    }
}
