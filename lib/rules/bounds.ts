/** Most nodes and deepest nesting that rules look at; what a model wrote may be larger. */
export interface Bounds { readonly maxNodes: number, readonly maxDepth: number }

/** Bounds of a tool's parameters, counted after references are put in place. */
export const SCHEMA_BOUNDS: Bounds = { maxNodes: 2_000, maxDepth: 24 }

/** Bounds of the arguments of one call. */
export const ARGUMENT_BOUNDS: Bounds = { maxNodes: 5_000, maxDepth: 32 }

/**
 * Says whether a JSON value lies within bounds. Walks without recursion, since `JSON.parse` gives values that are deeper
 * than the stack, and stops at the first node too many.
 */
export function isWithin (value: unknown, { maxNodes, maxDepth }: Bounds): boolean {
  const open: Array<{ node: object, depth: number }> = []
  let nodes = 0
  const enter = (node: unknown, depth: number): boolean => {
    nodes++
    if (typeof node === 'object' && node !== null) open.push({ node, depth })
    return nodes <= maxNodes && depth <= maxDepth
  }
  if (!enter(value, 0)) return false
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const child of Object.values(next.node)) if (!enter(child, next.depth + 1)) return false
  }
  return true
}
