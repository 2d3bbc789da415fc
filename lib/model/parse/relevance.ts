import { isObject } from '../../schema/json-value.js'
import { DOMAINS, PLATFORMS, readLabels, TASKS, type Labels } from '../../schema/labels.js'
import { readJson } from './json.js'
import { excerpt, malformed } from './malformed.js'
import { withoutReasoning } from './split-reasoning.js'
import { readTag } from './tags.js'

/** What the filter model said of a text. */
export interface Relevance {
  readonly relevant: boolean
  /** Only where relevant. */
  readonly labels?: Labels
  /** Labels outside of the vocabularies, as written, shortened to 100 characters, at most 50 a list. */
  readonly unknown: { readonly platform: string[], readonly domain: string[], readonly task: string[] }
}

type Field = 'multi_step' | 'summary' | 'platform' | 'domain' | 'task'
type Fields = Partial<Record<Field, string>>

const FIELDS: readonly Field[] = ['multi_step', 'summary', 'platform', 'domain', 'task']
const PLURALS: Readonly<Partial<Record<Field, string>>> = { platform: 'platforms', domain: 'domains', task: 'tasks' }

/**
 * Reads the answer of the relevance prompt: flat tags, else a JSON object of the same names, else lines `name: value`.
 * Labels in any spelling `readLabels` knows; those outside of the vocabularies come back apart. A summary may be missing.
 * Rejects with `answer-malformed` where it is not said whether the text is relevant. GEM appendix A.1.
 */
export function parseRelevance (answer: string): Relevance {
  const text = withoutReasoning(answer)
  const fields = readFields(text)
  if (fields.multi_step === undefined) throw malformed(`no <multi_step> in the answer: ${excerpt(text)}`, { tag: 'multi_step' })
  const unknown = { platform: [] as string[], domain: [] as string[], task: [] as string[] }
  if (!readBoolean(fields.multi_step)) return { relevant: false, unknown }
  const platforms = labelsOf(fields.platform, PLATFORMS, unknown.platform)
  const domains = labelsOf(fields.domain, DOMAINS, unknown.domain)
  const tasks = labelsOf(fields.task, TASKS, unknown.task)
  const summary = fields.summary?.replace(/\s+/g, ' ').trim()
  return { relevant: true, labels: { platforms, domains, tasks, ...(summary ? { summary } : {}) }, unknown }
}

function readFields (text: string): Fields {
  const tagged: Fields = {}
  for (const field of FIELDS) {
    const value = readTag(text, field) ?? (PLURALS[field] === undefined ? undefined : readTag(text, PLURALS[field]))
    if (value !== undefined) tagged[field] = value
  }
  if (tagged.multi_step !== undefined) return tagged
  return /["']multi[ _-]?step["']\s*:/i.test(text) ? fromJson(text) : fromLines(text)
}

function fromJson (text: string): Fields {
  const value = readJson(text)
  const object = Array.isArray(value) ? value.at(-1) : value
  if (!isObject(object)) throw malformed('the JSON answer is no object')
  const fields: Fields = {}
  for (const [key, entry] of Object.entries(object)) {
    const field = fieldOf(key)
    if (field !== undefined && entry !== null) fields[field] = Array.isArray(entry) ? entry.join(',') : String(entry)
  }
  return fields
}

const LINE = /^[ \t>*_#`-]*(multi[ _-]?step|summary|platforms?|domains?|tasks?)[*_`]*[ \t]*[:=][*_`]*[ \t]*(.*)$/gim

function fromLines (text: string): Fields {
  const fields: Fields = {}
  for (const [, key, value] of text.matchAll(LINE)) fields[fieldOf(key!)!] = value!.trim()
  return fields
}

function fieldOf (key: string): Field | undefined {
  const folded = key.toLowerCase().replace(/[^a-z]/g, '')
  return FIELDS.find(field => [field.replace('_', ''), PLURALS[field]].includes(folded))
}

const YES = /^(?:true|yes|y|t|1)$/
const NO = /^(?:false|no|n|f|0)$/

function readBoolean (value: string): boolean {
  const words = value.toLowerCase().split(/[^a-z0-9]+/).filter(word => word !== '')
  const said = words[0] ?? ''
  const other = YES.test(said) ? NO : YES
  const isEcho = words.length === 2 && other.test(words[1]!)
  if (!isEcho && YES.test(said)) return true
  if (!isEcho && NO.test(said)) return false
  throw malformed(`<multi_step> is neither True nor False: ${excerpt(value) || 'empty'}`, { tag: 'multi_step' })
}

const NOTHING = /^(?:none|n\/a|null|nil|-|—)?$/i

function labelsOf<T extends string> (list: string | undefined, vocabulary: readonly T[], strangers: string[]): T[] {
  const plain = (list ?? '').split('\n').map(line => line.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '')).join('\n').replace(/[[\]{}"'`*<>]/g, '')
  const { known, unknown } = readLabels(plain, vocabulary)
  strangers.push(...unknown.map(label => label.slice(0, 100)).filter(label => !NOTHING.test(label)).slice(0, 50))
  return known
}
