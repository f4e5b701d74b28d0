import { escapeHtml } from './html.ts'

/** OCS's XML, indented as PHP's XMLWriter does it. */
export function ocsXml(tree: Record<string, unknown>): string {
  const elements = Object.entries(tree).map(([name, value]) => element(name, value, 0))
  return `<?xml version="1.0"?>\n${elements.join('')}`
}

function element(name: string, value: unknown, depth: number): string {
  const tag = /^\d+$/.test(name) ? 'element' : name
  const indent = ' '.repeat(depth)
  if (value === null) return `${indent}<${tag}/>\n`
  if (typeof value === 'object') {
    const children = Object.entries(value)
    if (children.length === 0) return `${indent}<${tag}/>\n`
    return `${indent}<${tag}>\n${children.map(([key, child]) => element(key, child, depth + 1)).join('')}${indent}</${tag}>\n`
  }
  const text = value === true ? '1' : value === false ? '' : String(value)
  return `${indent}<${tag}>${escapeHtml(text).replaceAll('&#39;', "'")}</${tag}>\n`
}
