/**
 * Writes those parts of the documents that say again what the code says: between `<!-- made: NAME -->` and `<!-- /made -->`.
 * Run: npx tsx .ci/make-docs.ts. test/docs/docs.test.ts fails where a document lags behind.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { z } from 'zod'
import type { CommandOption, CommandSpec } from '../lib/app/command.js'
import { configSchema } from '../lib/app/config-schema.js'
import { walkSchema, type SchemaKey } from '../lib/app/schema-walk.js'

/** A part of a document that is made. */
export interface MadePart { readonly file: string, readonly name: string, readonly make: () => string | Promise<string> }

/** All of them. */
export const MADE_PARTS: readonly MadePart[] = [
  { file: 'docs/config.md', name: 'keys', make: configTables },
  { file: 'docs/commands.md', name: 'commands', make: commandSections }
]

/** The text of a document with a part put in its place. Throws an Error if the document has no such place. */
export async function putPart (text: string, { file, name, make }: MadePart): Promise<string> {
  const [open, close] = [`<!-- made: ${name} -->\n`, '<!-- /made -->']
  const from = text.indexOf(open)
  const to = text.indexOf(close, from)
  if (from < 0 || to < 0) throw new Error(`${file} has no place ${open.trim()} … ${close}`)
  return `${text.slice(0, from + open.length)}\n${await make()}\n\n${text.slice(to)}`
}

/** A key of the config as its document tells it. Keys that several stages share are one row. */
export interface ConfigRow { readonly paths: readonly string[], readonly key: SchemaKey }

/** Keys that are too plain to be described in the schema. */
const PLAIN: ReadonlyArray<readonly [RegExp, string]> = [
  [/\.thinking\.budget$/, 'Most tokens of reasoning.'],
  [/^source\.columns\.text$/, 'Column of the text; the only one that must be there.'],
  [/^source\.columns\.title$/, 'Column of the title.'],
  [/^source\.columns\.source$/, 'Column with the name of the upstream corpus.'],
  [/^source\.columns\.score$/, 'Column of the quality score, a number or a string of digits.'],
  [/^source\.columns\.url$/, 'Column of the address of the page.'],
  [/\.s3\.endpoint$/, 'URL of the service, if it is not AWS; default what `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL` say.'],
  [/\.s3\.region$/, 'Region; default what `AWS_REGION` says, `us-east-1` with an endpoint.'],
  [/\.s3\.forcePathStyle$/, 'Bucket in the path and not in the host; default yes with an endpoint.']
]

/** Every key of the config schema, in its order. Throws an Error for a key that nothing describes. */
export function configRows (): readonly ConfigRow[] {
  const rows: Array<{ paths: string[], key: SchemaKey }> = []
  for (const key of walkSchema(configSchema)) {
    const shared = rows.find(row => row.key.schema === key.schema && lastOf(row.key.path) === lastOf(key.path))
    if (shared === undefined) rows.push({ paths: [key.path], key: complete(key, rows) })
    else shared.paths.push(key.path)
  }
  return rows
}

function complete (key: SchemaKey, before: readonly ConfigRow[]): SchemaKey {
  const parent = before.findLast(row => row.paths.some(path => key.path.startsWith(`${path}.`)))
  const description = key.description === '' ? PLAIN.find(([path]) => path.test(key.path))?.[1] : key.description
  const change = key.change ?? parent?.key.change
  if (description === undefined || change === undefined) throw new Error(`the config key ${key.path} has no description, or it is not said whether it decides the result`)
  return { ...key, description, change }
}

/** filter, extract, generate, refine, synthesize, judge. */
const MODEL_STAGES = 6

const SECTIONS = [
  { title: 'Top level', holds: (path: string) => !path.includes('.') },
  { title: 'source', holds: (path: string) => path.startsWith('source.') },
  { title: 'sample', holds: (path: string) => path.startsWith('sample.') },
  { title: 'sink', holds: (path: string) => path.startsWith('sink.') },
  { title: 'models', holds: (path: string) => path.startsWith('models.') },
  { title: 'stages', holds: (path: string) => path.startsWith('stages.') },
  { title: 'dedup', holds: (path: string) => path.startsWith('dedup.') }
] as const

function configTables (): string {
  const rows = configRows()
  return SECTIONS.map(({ title, holds }) => {
    const mine = rows.filter(({ paths: [path = ''] }) => holds(path))
    return `### ${title}\n\n${table(['key', 'value', 'default', 'kind', 'meaning'], mine.map(toCells))}`
  }).join('\n\n')
}

function toCells ({ paths, key }: ConfigRow): readonly string[] {
  return [shownPath(paths), valueOf(key.schema), defaultOf(key.schema), key.change ?? '', key.description]
}

/** The stars of records are names that the user gives. A key of every stage with a model is told once. */
function shownPath (paths: readonly string[]): string {
  const [first = ''] = paths
  if (paths.length < MODEL_STAGES) return paths.map(path => code(path.replace('*', '<name>'))).join(', ')
  const [, , ...rest] = first.split('.')
  return code(`stages.<stage>.${rest.join('.')}`)
}

interface Json { readonly type?: string, readonly enum?: readonly unknown[], readonly const?: unknown, readonly anyOf?: readonly Json[], readonly minimum?: number, readonly maximum?: number, readonly exclusiveMinimum?: number, readonly default?: unknown, readonly items?: Json, readonly properties?: object, readonly additionalProperties?: Json | false }

function valueOf (schema: z.ZodType): string {
  return shapeText(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json)
}

function shapeText (json: Json): string {
  if (json.anyOf !== undefined) return json.anyOf.map(shapeText).join(' or ')
  if (json.const !== undefined) return code(json.const)
  if (json.enum !== undefined) return json.enum.map(code).join(', ')
  if (json.type === 'array') return `list of ${shapeText(json.items ?? {})}`
  if (json.type === 'integer' || json.type === 'number') return `${json.type === 'integer' ? 'whole number' : 'number'}${boundsText(json)}`
  if (json.type === 'object' && json.properties === undefined && json.additionalProperties) return `names, each with ${shapeText(json.additionalProperties)}`
  return { string: 'text', boolean: 'true or false', object: 'keys below' }[json.type ?? ''] ?? 'any'
}

function boundsText ({ minimum, maximum, exclusiveMinimum }: Json): string {
  const most = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? undefined : number(maximum)
  const least = minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? undefined : number(minimum)
  if (least !== undefined && most !== undefined) return ` ${least} … ${most}`
  if (least !== undefined) return ` ≥ ${least}`
  if (exclusiveMinimum !== undefined) return ` > ${exclusiveMinimum}`
  return most === undefined ? '' : ` ≤ ${most}`
}

function defaultOf (schema: z.ZodType): string {
  const parsed = schema.safeParse(undefined)
  if (!parsed.success) return 'required'
  const value: unknown = parsed.data
  if (value === undefined) return '–'
  return typeof value === 'number' ? number(value) : code(typeof value === 'string' ? value : JSON.stringify(value))
}

const COMMAND_FILES = new URL('../lib/app/commands/', import.meta.url)

/** Every command that a file of lib/app/commands exports, by name. */
export async function findCommands (): Promise<readonly CommandSpec[]> {
  const files = (await readdir(COMMAND_FILES)).filter(file => file.endsWith('.ts') && file !== 'index.ts')
  const modules = await Promise.all(files.map(async file => Object.values(await import(new URL(file, COMMAND_FILES).href) as object)))
  const specs = modules.flat().filter((value): value is CommandSpec => typeof value === 'object' && value !== null && 'summary' in value && 'examples' in value)
  return specs.sort((one, other) => one.name < other.name ? -1 : 1)
}

async function commandSections (): Promise<string> {
  return (await findCommands()).map(spec => {
    const positional = [spec.takesConfig === true ? '[config]' : '', spec.arguments ?? ''].filter(text => text !== '').join(' ')
    const options = optionsOf(spec)
    return [
      `### gemline ${spec.name}`,
      spec.summary,
      ['```sh', `gemline ${[spec.name, positional, options.length > 0 ? '[options]' : ''].filter(text => text !== '').join(' ')}`, '```'].join('\n'),
      ...options.length === 0 ? [] : [table(['option', 'default', 'meaning'], options.map(({ flags, default: preset, description }) => [code(flags), preset === undefined ? '–' : code(String(preset)), description]))],
      ['```sh', ...spec.examples, '```'].join('\n')
    ].join('\n\n')
  }).join('\n\n')
}

/** The options of a command, those that every command with a config has among them. */
export function optionsOf ({ takesConfig, options }: CommandSpec): readonly CommandOption[] {
  const shared: readonly CommandOption[] = [
    { flags: '--set <key=value...>', description: 'Sets a key of the config, stronger than the file; the value is YAML.' },
    { flags: '--pipeline <name>', description: '`synthesizer` or `teacher`.' },
    { flags: '--source <uri>', description: 'What to read; `-` is JSON lines on standard input.' },
    { flags: '--out <uri>', description: 'Where the run lies: a folder, `s3://bucket/prefix`, or `-`.' }
  ]
  return takesConfig === true ? [...shared, ...options] : options
}

function table (head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function code (value: unknown): string {
  return `\`${String(value)}\``
}

function number (value: number): string {
  return value.toLocaleString('en-US')
}

function lastOf (path: string): string {
  return path.slice(path.lastIndexOf('.') + 1)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const part of MADE_PARTS) {
    const path = fileURLToPath(new URL(`../${part.file}`, import.meta.url))
    await writeFile(path, await putPart(await readFile(path, 'utf8'), part))
    console.log(`${part.file}: ${part.name}`)
  }
}
