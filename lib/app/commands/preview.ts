import { z } from 'zod'
import type { Settlement } from '../../engine/envelope.js'
import type { TrajectoryCandidate } from '../../schema/candidate.js'
import { toRejectRecord, toTrajectoryRecord } from '../../schema/trajectory-record.js'
import type { CommandSpec } from '../command.js'
import type { Config } from '../config-schema.js'
import { EXIT } from '../exit-codes.js'
import { previewDocuments, resolveForPreview, type PreviewedDocument } from '../preview-documents.js'
import { recordOptionsOf } from '../records.js'
import { formatPreview } from '../terminal/format-preview.js'
import { say, sayJson } from '../terminal/say.js'
import { flagInt, parseFlags, ROW_OPTIONS } from './options.js'

const flags = z.object({
  json: z.boolean().default(false),
  count: flagInt(1, 1000).default(5),
  full: z.boolean().default(false)
})

/** `gemline preview`: the first documents through the pipeline, into the terminal. */
export const previewCommand: CommandSpec = {
  name: 'preview',
  summary: 'Takes the first documents through the pipeline and shows what became of each. Writes nothing.',
  examples: ['gemline preview gemline.yaml -n 5', 'gemline preview --source data/ --pipeline teacher -n 1 --full', 'gemline preview --json | jq .ended'],
  takesConfig: true,
  options: [
    ...ROW_OPTIONS,
    { flags: '-n, --count <n>', description: 'Documents, the first ones of the source.', default: 5 },
    { flags: '--full', description: 'Shows texts and turns in full instead of their beginnings.' },
    { flags: '--json', description: 'One JSON object a document, for scripts.' }
  ],
  async run ({ options, io, log, signal, config: load }) {
    const { json, count, full } = parseFlags(flags, options)
    const resolved = await resolveForPreview(await load())
    const onPaused = (model: string): void => { io.stderr.write(`gemline: all servers of ${model} are down: the preview waits\n`) }
    for await (const previewed of previewDocuments({ resolved, count, stdin: io.stdin, log, signal, onPaused })) {
      if (json) await sayJson(io.stdout, toJson(previewed, resolved.config), 0)
      else await say(io.stdout, formatPreview(previewed, { ...io, full }))
    }
    return EXIT.ok
  }
}

function toJson ({ document, settlement }: PreviewedDocument, config: Config): object {
  const options = recordOptionsOf(config)
  const { id, key, origin, accepted, ended } = settlement
  return {
    version: 1, id, textKey: key,
    source: { name: origin.source, path: origin.path, rowGroup: origin.rowGroup, row: origin.row },
    text: document?.text ?? null,
    accepted: accepted.map(result => toTrajectoryRecord(result, settlement as Settlement<TrajectoryCandidate>, options)),
    ended: ended.map(each => toRejectRecord(each, settlement, options))
  }
}
