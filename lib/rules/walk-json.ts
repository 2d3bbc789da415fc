import type { Bounds } from './bounds.js'

/** A node of a JSON value. */
export interface JsonNode {
  readonly value: unknown
  /** Nearest name above it; items of a list bear the name of the list. */
  readonly name: string
  /** JSON pointer. */
  readonly path: string
}

/** Bounds of what rules look at in one observation. */
export const OBSERVATION_BOUNDS: Bounds = { maxNodes: 20_000, maxDepth: 32 }

/** All nodes of a JSON value, parents first, in order, as far as the bounds go. Never recurses: a model nests as deep as it likes. */
export function walkJson (value: unknown, { maxNodes, maxDepth }: Bounds = OBSERVATION_BOUNDS): JsonNode[] {
  const open: Array<JsonNode & { readonly depth: number }> = [{ value, name: '', path: '', depth: 0 }]
  const nodes: JsonNode[] = []
  for (let node = open.pop(); node !== undefined && nodes.length < maxNodes; node = open.pop()) {
    nodes.push(node)
    if (node.depth >= maxDepth || typeof node.value !== 'object' || node.value === null) continue
    const isList = Array.isArray(node.value)
    const children = Object.entries(node.value).slice(0, maxNodes)
    for (const [key, child] of children.reverse()) {
      open.push({ value: child, name: isList ? node.name : key, path: `${node.path}/${escapePart(key)}`, depth: node.depth + 1 })
    }
  }
  return nodes
}

/** A key as part of a JSON pointer. */
export function escapePart (key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}
