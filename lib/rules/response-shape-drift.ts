import { isObject } from '../schema/json-value.js'
import { succeeded } from './effects.js'
import { quote, type CallSite, type Finding, type Rule } from './rule.js'
import { walkJson } from './walk-json.js'

const SHAPE_BOUNDS = { maxNodes: 3_000, maxDepth: 12 }
/** Findings of one tool. */
const MAX_FINDINGS = 3
/** Objects that hold what a thing happens to have: their keys are as the thing is. */
const IS_FREE = /^(?:options|attributes|specs?|specifications|metadata|meta|properties|values|params|parameters|arguments|fields|custom\w{0,20}|extra|settings|config|labels|tags|answers|facts|features)$/i
/** Keys that are data: ids, dates, numbers. */
const IS_DATA = /\d|^[A-Z]{2,}|[\s:@/]/

/**
 * A tool answers in one shape throughout: what stands under a name keeps its type (null fits all), and of two objects at one
 * place the smaller has at least half of its keys in the other, and the only list of each has one name. Keys that the call
 * itself names do not count, nor does what lies in objects of another `kind` or `type`. Reported only.
 * The paper asks for a stable shape (appendix A.3).
 */
export const responseShapeDrift: Rule = {
  name: 'response-shape-drift',
  mode: 'report',
  check: (_, { calls }) => {
    const shapes = new Map<string, { readonly known: Map<string, Shape>, found: number }>()
    return calls.flatMap((site): Finding[] => {
      const { call, observation } = site
      if (observation === undefined || !succeeded(site) || observation.kind !== 'data') return []
      const tool = shapes.get(call.name) ?? { known: new Map<string, Shape>(), found: 0 }
      shapes.set(call.name, tool)
      const drift = mergeShapes(tool.known, shapesOf(observation.value, wordsOf(call)))
      if (drift === undefined || ++tool.found > MAX_FINDINGS) return []
      return [{ rule: 'response-shape-drift', message: drift.message, where: { message: observation.message, call: call.id.slice(0, 80), tool: call.name.slice(0, 80), path: drift.path.slice(0, 200) } }]
    })
  }
}

/** What is known of one place of a tool's answers: types, and for objects their keys. */
interface Shape {
  readonly types: Set<string>
  readonly keys: Set<string>
  /** Those of the keys that hold a list. */
  readonly lists: Set<string>
}

/** Places of a value with their shapes; all items of a list are one place, what lies in an object that says its kind is one for each kind. */
function shapesOf (value: unknown, asked: ReadonlySet<string>): Map<string, Shape> {
  const shapes = new Map<string, Shape>()
  const kinds = new Map<string, string>()
  for (const node of walkJson(value, SHAPE_BOUNDS)) {
    const kind = kinds.get(node.path.slice(0, Math.max(0, node.path.lastIndexOf('/')))) ?? ''
    if (typeof node.value === 'object') kinds.set(node.path, `${kind}${kindOf(node.value)}`)
    const place = `${node.path.replace(/\/\d+(?=\/|$)/g, '/*')}${kind}`
    const shape = shapes.get(place) ?? { types: new Set<string>(), keys: new Set<string>(), lists: new Set<string>() }
    shapes.set(place, shape)
    shape.types.add(typeOf(node.value))
    if (isObject(node.value) && !IS_FREE.test(node.name)) addKeys(shape, node.value, asked)
  }
  return shapes
}

function addKeys ({ keys, lists }: Shape, object: Readonly<Record<string, unknown>>, asked: ReadonlySet<string>): void {
  for (const key of Object.keys(object).slice(0, 200)) {
    if (IS_DATA.test(key) || asked.has(key.toLowerCase())) continue
    keys.add(key)
    if (Array.isArray(object[key])) lists.add(key)
  }
}

function kindOf (value: unknown): string {
  const kind = isObject(value) ? value.kind ?? value.type : undefined
  return typeof kind === 'string' ? ` ${kind.slice(0, 40)}` : ''
}

function typeOf (value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
}

/** Adds what an answer shows; says where it departs from what was known. */
function mergeShapes (known: Map<string, Shape>, shapes: ReadonlyMap<string, Shape>): { readonly path: string, readonly message: string } | undefined {
  let drift: { readonly path: string, readonly message: string } | undefined
  for (const [path, shape] of shapes) {
    const before = known.get(path)
    if (before === undefined) {
      known.set(path, shape)
      continue
    }
    const message = driftOf(before, shape)
    if (message !== undefined) drift ??= { path: path.split(' ', 1)[0] ?? '', message }
    for (const type of shape.types) before.types.add(type)
    for (const key of shape.keys) before.keys.add(key)
    for (const key of shape.lists) before.lists.add(key)
  }
  return drift
}

function driftOf (before: Shape, now: Shape): string | undefined {
  const types = [...now.types].filter(type => type !== 'null' && !before.types.has(type))
  const knownTypes = [...before.types].filter(type => type !== 'null')
  if (types.length > 0 && knownTypes.length > 0) return `it is ${types[0] ?? ''} here and was ${knownTypes[0] ?? ''} before`
  const [list, other] = [[...before.lists], [...now.lists]]
  if (list.length === 1 && other.length === 1 && list[0] !== other[0]) return `its list is ${quote(other[0])} here and was ${quote(list[0])} before`
  const shared = [...now.keys].filter(key => before.keys.has(key)).length
  const smaller = Math.min(now.keys.size, before.keys.size)
  if (smaller === 0 || shared >= smaller / 2) return undefined
  return `its keys were ${quote([...before.keys].slice(0, 4))} before and are ${quote([...now.keys].slice(0, 4))} here`
}

/** Words of the arguments: an answer may have a key for each thing that was asked for. */
function wordsOf ({ arguments: args }: CallSite['call']): ReadonlySet<string> {
  const words = new Set<string>()
  for (const { value } of walkJson(args, { maxNodes: 200, maxDepth: 8 })) {
    if (typeof value === 'string') for (const word of value.slice(0, 1_000).toLowerCase().match(/\w+/g) ?? []) words.add(word)
  }
  return words
}
