import type { FormatName } from '../../formats/index.js'
import type { ExportTotals } from './export-set.js'

/** How LLaMA-Factory finds its way in the rows of a format that it reads. */
const HOW: Readonly<Partial<Record<FormatName, { readonly columns: readonly string[], readonly messages: string, readonly tags?: object }>>> = {
  sharegpt: { messages: 'conversations', columns: ['system', 'tools'] },
  hermes: { messages: 'messages', columns: [], tags: { role_tag: 'role', content_tag: 'content', user_tag: 'user', assistant_tag: 'assistant', system_tag: 'system' } }
}

/** LLaMA-Factory's `dataset_info.json`: `gemline_<part>` for each part. Undefined for formats that are not for it. */
export function datasetInfoOf (format: FormatName, { parts, columns }: Pick<ExportTotals, 'parts' | 'columns'>): object | undefined {
  const how = HOW[format]
  if (how === undefined) return undefined
  const named = Object.fromEntries(how.columns.filter(name => columns.includes(name)).map(name => [name, name]))
  return Object.fromEntries(Object.entries(parts).map(([part, { path }]) => [`gemline_${part}`, {
    file_name: path, formatting: 'sharegpt', columns: { messages: how.messages, ...named }, ...how.tags === undefined ? {} : { tags: how.tags }
  }]))
}
