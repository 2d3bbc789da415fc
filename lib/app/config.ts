import { readFile } from 'node:fs/promises'
import { LineCounter, parseDocument } from 'yaml'
import { GemlineError } from '../engine/errors.js'
import { configError } from './config-errors.js'
import { configSchema, type Config } from './config-schema.js'

/** What a configuration is made of; later is stronger: file, then `set`. */
export interface ConfigSource {
  /** YAML file; without it only what `set` says counts. */
  readonly file?: string
  /** What the command line says, by dotted path; stronger than the file. Values are taken as they are. */
  readonly set?: ReadonlyArray<readonly [string, unknown]>
  readonly env?: Readonly<Record<string, string | undefined>>
}

type Tree = Record<string, unknown>

const MAX_ALIASES = 100
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype'])
const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g

/**
 * Reads, completes and checks a configuration. `${NAME}` in a string is taken from the environment, once, and nowhere else.
 * Rejects with `config-invalid`, naming file, key, and for an unknown key the nearest known one.
 */
export async function loadConfig ({ file, set = [], env = process.env }: ConfigSource): Promise<Config> {
  const where = file ?? 'the command line'
  const tree = file === undefined ? {} : parseYaml(await readConfig(file), file)
  const filled = fill(tree, env, { where, path: '' }) as Tree
  for (const [path, value] of set) assign(filled, path.split('.'), value)
  const parsed = configSchema.safeParse(filled)
  if (!parsed.success) throw configError(configSchema, parsed.error, where)
  return parsed.data
}

/** Reads `key=value` of `--set`; the value is YAML. Throws `config-invalid`, which names the key and never the value: it may be a secret. */
export function parseSetting (setting: string): readonly [string, unknown] {
  const equals = setting.indexOf('=')
  const key = setting.slice(0, Math.max(equals, 0))
  if (key === '') throw new GemlineError('config-invalid', `--set ${equals === 0 ? '=…' : setting}: write key=value, such as --set stages.judge.mode=report`)
  return [key, parseYaml(`value: ${setting.slice(equals + 1)}`, `--set ${key}`)['value']]
}

async function readConfig (file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new GemlineError('config-invalid', `${file} cannot be read: ${(error as Error).message}`, { cause: error })
  }
}

/** Reads YAML 1.2, so JSON too, that holds keys. Throws `config-invalid`, naming place, line and column, and never quoting what stands there. */
export function parseYaml (text: string, where: string): Tree {
  const lines = new LineCounter()
  // Pretty errors quote the line, and with it a key that stands there.
  const document = parseDocument(text, { version: '1.2', schema: 'core', uniqueKeys: true, stringKeys: true, logLevel: 'error', prettyErrors: false, lineCounter: lines })
  const [problem] = document.errors
  if (problem !== undefined) {
    const { line, col } = lines.linePos(problem.pos[0])
    throw new GemlineError('config-invalid', `${where}, line ${line}, column ${col}: ${withoutQuote(problem.message)}`)
  }
  const tree: unknown = toTree(() => document.toJS({ maxAliasCount: MAX_ALIASES }), where) ?? {}
  if (typeof tree !== 'object' || Array.isArray(tree)) throw new GemlineError('config-invalid', `${where} holds no keys`)
  return tree as Tree
}

function toTree (read: () => unknown, where: string): unknown {
  try {
    return read()
  } catch (error) {
    throw new GemlineError('config-invalid', `${where}: ${withoutQuote((error as Error).message)}`)
  }
}

/** What stands behind a colon is a piece of the file. */
function withoutQuote (message: string): string {
  return message.replace(/:.*$/s, '')
}

function fill (value: unknown, env: NonNullable<ConfigSource['env']>, at: { readonly where: string, readonly path: string }): unknown {
  if (typeof value === 'string') return fillString(value, env, at)
  if (Array.isArray(value)) return value.map((item, i) => fill(item, env, { ...at, path: `${at.path}[${i}]` }))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => {
    const path = at.path === '' ? key : `${at.path}.${key}`
    // A record schema would leave such a key out without a word.
    if (FORBIDDEN.has(key)) throw new GemlineError('config-invalid', `${at.where}: ${path} is no key`)
    return [key, fill(inner, env, { ...at, path })]
  }))
}

function fillString (text: string, env: NonNullable<ConfigSource['env']>, { where, path }: { readonly where: string, readonly path: string }): string {
  return text.replace(VARIABLE, (_, name: string) => {
    const value = env[name]
    if (value === undefined) throw new GemlineError('config-invalid', `${where}: ${path} wants the environment variable ${name}, which is not set`)
    return value
  })
}

function assign (tree: Tree, path: readonly string[], value: unknown): void {
  const [name, ...rest] = path as [string, ...string[]]
  if (FORBIDDEN.has(name)) throw new GemlineError('config-invalid', `${name} is no key`)
  if (rest.length === 0) {
    tree[name] = value
    return
  }
  const inner = tree[name]
  const next: Tree = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? inner as Tree : {}
  tree[name] = next
  assign(next, rest, value)
}
