import { z } from 'zod'
import { RULES } from '../rules/index.js'
import { DOMAINS } from '../schema/labels.js'
import { REDACTED_TYPES } from '../text/redact/finding.js'
import { Secret } from './secret.js'

/**
 * The configuration. Each key either decides the result (hashed into the plan; a change is refused by name) or concerns the
 * running only (`meta.change: running`; free to change on resume). docs/config.md is made of this schema, and a test holds them together.
 */

/** Marks a key that cannot change a record. */
function running<T extends z.ZodType> (schema: T, description: string): T {
  return schema.meta({ change: 'running', description })
}

/** Marks a key that can. */
function result<T extends z.ZodType> (schema: T, description: string): T {
  return schema.meta({ change: 'result', description })
}

const thinkingSchema = z.union([z.enum(['off', 'on']), z.strictObject({ budget: z.int().min(1) })])

/** A model and where it is served. */
export const modelSchema = z.strictObject({
  name: result(z.string().min(1), 'Name as the server lists it (`/v1/models`).'),
  preset: result(z.enum(['glm-4.6', 'qwen3-32b', 'qwen3-8b', 'embedded']).optional(), 'Context length and sampling of a known model.'),
  endpoints: running(z.union([z.literal('embedded'), z.array(z.string().min(1)).min(1)]), 'Base URLs of its servers, or `embedded`: the rule-based server inside gemline, which is no language model.'),
  apiKey: running(z.string().transform(value => new Secret(value)).optional(), 'Bearer token; a dollar sign and a NAME in braces takes it from the environment.'),
  dialect: running(z.enum(['vllm', 'openai']).default('vllm'), 'What the servers understand: vLLM\'s fields, or only those of OpenAI.'),
  maxModelLength: result(z.int().min(256).optional(), 'Context in tokens, prompt and answer together; default that of the preset.'),
  revision: result(z.string().optional(), 'Revision of the weights; part of the journal\'s key.'),
  trained: result(z.boolean().default(false), 'For the synthesizer: whether this model was trained for it. Goes into every lineage.'),
  maxInFlight: running(z.int().min(1).default(256), 'Requests at once per server.'),
  deadlineSeconds: running(z.number().positive().default(1800), 'Longest for one whole answer.')
})

const modelStageShape = {
  model: result(z.string().optional(), 'Which of `models`; default the one named like the role of the stage, or `default`.'),
  prompt: result(z.string().optional(), 'Prompt as `<operator>/<name>@v<N>`; default the newest of the stage, for `synthesize` the `short` one where the model is `trained`, else `zero-shot`.'),
  thinking: result(thinkingSchema.optional(), 'Reasoning before the answer: `off`, `on`, or `{ budget: tokens }`.'),
  temperature: result(z.number().min(0).max(2).optional(), 'Sampling temperature; default of the model\'s preset.'),
  topP: result(z.number().min(0).max(1).optional(), 'Nucleus; default of the preset.'),
  topK: result(z.int().min(0).optional(), 'Top-k, 0 is off; default of the preset.'),
  maxTokens: result(z.int().min(1).optional(), 'Budget of the answer in tokens, reasoning included.'),
  minTokens: result(z.int().min(1).optional(), 'Less room than this beside the prompt: the drop `too-long`. Default a quarter of maxTokens.'),
  retryTemperature: result(z.number().min(0.01).max(2).default(0.7), 'At least this when an answer is asked for again.'),
  stop: result(z.array(z.string()).max(4).default([]), 'Stop strings.'),
  structured: result(z.boolean().default(false), 'Asks the server to enforce the JSON schema of the prompt, if it has one.'),
  answerRetries: result(z.int().min(0).max(5).default(1), 'How often a malformed or cut answer is asked for again.'),
  concurrency: running(z.int().min(1).optional(), 'Records in this stage at once.'),
  batch: result(z.int().min(1).max(64).default(1), 'Requests in one HTTP exchange, where the server can. A server tells only the sum of their tokens, so the usage in a record can differ.')
} as const

const modelStageSchema = z.strictObject(modelStageShape)
const switchable = { enabled: result(z.boolean().default(true), 'Whether the stage is there at all.') } as const

/** The stages of both pipelines; those that the pipeline does not have are not looked at. */
export const stagesSchema = z.strictObject({
  redact: z.strictObject({
    enabled: result(z.boolean().optional(), 'Whether personal data and secrets in the text are replaced before any call; default yes, in the profile `paper` no.'),
    types: result(z.partialRecord(z.enum(REDACTED_TYPES), z.boolean()).default({}), 'Which types are replaced; all but those that are `false`.')
  }).prefault({}),
  filter: z.strictObject({
    ...modelStageShape,
    enabled: result(z.boolean().optional(), 'Whether a model decides about relevance; default yes, but no for the WikiHow presets.'),
    preFilter: z.union([z.literal(false), z.strictObject({
      minCharacters: result(z.int().min(1).default(200), 'Shorter texts are dropped as `too-short`.'),
      maxCharacters: result(z.int().min(1).default(100_000), 'Longer ones as `too-long-text`.'),
      minSigns: result(z.int().min(0).default(3), 'Fewer signs of steps than this: `no-steps`.')
    })]).optional().meta({ change: 'result', description: 'Rules before the model; `false` asks the model about every document, as the paper does. Default on, in the profile `paper` off.' }),
    language: result(z.union([z.literal('any'), z.string().regex(/^[a-z]{2}$/)]).optional(), 'Texts in another language (ISO 639-1) are dropped as `other-language`; `any` keeps all. Default `en`, in the profile `paper` `any`.'),
    excludeDomains: result(z.array(z.enum(DOMAINS)).optional(), 'A document that the model puts into one of these is dropped as `excluded-domain`. Default `adult` and `sensitive_subjects`, in the profile `paper` none.'),
    auditShare: result(z.number().min(0).max(1).optional(), 'Share of what the rules dropped as `no-steps` that the model is asked about all the same: what the rules miss. Default 0.005, in the profile `paper` 0.')
  }).prefault({}),
  extract: z.strictObject({
    ...modelStageShape,
    workflows: result(z.enum(['first', 'all']).default('first'), 'How many workflows of a document go on.'),
    maxWorkflows: result(z.int().min(1).max(64).default(8), 'At most so many of them; the rest is counted.')
  }).prefault({}),
  generate: modelStageSchema.prefault({}),
  refine: z.strictObject({ ...modelStageShape, ...switchable }).prefault({}),
  synthesize: modelStageSchema.prefault({}),
  validate: z.strictObject({
    minToolCalls: result(z.int().min(0).default(2), 'Fewer tool calls than this: `calls-too-few`.'),
    rules: result(z.partialRecord(z.enum(RULES.map(rule => rule.name)), z.enum(['off', 'report', 'drop'])).default({}), 'What a failed rule does, by its name.')
  }).prefault({}),
  judge: z.strictObject({
    ...modelStageShape, ...switchable,
    mode: result(z.enum(['drop', 'report']).default('drop'), 'Whether a verdict drops the record or only stands in it.')
  }).prefault({})
})

/** Where documents come from. */
export const sourceSchema = z.strictObject({
  name: result(z.string().min(1).default('source'), 'Name of the corpus; ids are made of it and of paths below the root, so it survives a move.'),
  uri: running(z.string().min(1), 'File or folder: a path, `s3://bucket/prefix`, `https://…`, or `-` for JSON lines on standard input.'),
  format: result(z.enum(['parquet', 'jsonl', 'csv']).optional(), 'Default by the ending of the uri, else parquet.'),
  canonicalUri: result(z.string().min(1).max(1000).optional(), 'Where the corpus is published, such as `hf://datasets/openbmb/Ultra-FineWeb@main`; every record says it with the path of its file. Nothing is read from there.'),
  licence: result(z.string().min(1).max(200).optional(), 'Licence of the texts, an SPDX identifier where there is one; every record carries it, and `doctor` asks for it.'),
  preset: result(z.enum(['ultra-fineweb', 'wikihow', 'wikihowSep']).optional(), 'Shape of a known corpus.'),
  columns: result(z.strictObject({
    text: z.string(), title: z.string().optional(), source: z.string().optional(), score: z.string().optional(), url: z.string().optional()
  }).optional(), 'Names of the columns, where no preset fits.'),
  maxTextBytes: result(z.int().min(1).default(1_048_576), 'Longer texts are dropped as `text-too-big`.'),
  s3: running(s3Schema().optional(), 'Endpoint of an S3-compatible store.')
})

/** How results are written. */
export const sinkSchema = z.strictObject({
  format: result(z.enum(['jsonl', 'parquet']).default('jsonl'), 'Format of the data shards.'),
  writer: result(z.enum(['hyparquet-writer', 'parquetjs-lite']).default('hyparquet-writer'), 'Which package writes Parquet.'),
  codec: result(z.enum(['snappy', 'zstd', 'gzip', 'uncompressed']).default('snappy'), 'Compression of Parquet.'),
  keepText: result(z.boolean().default(true), 'Whether a record carries its source text; without it, it is no training pair for the synthesizer.'),
  keepIntermediate: result(z.boolean().default(true), 'Whether a record carries its trajectory before refinement, and a dropped one its trajectory: what `revalidate` and the ablations of the paper are made of.'),
  rejects: result(z.enum(['full', 'errors', 'counts']).default('full'), 'Which records that did not make it are written: all, the errors, none. All are counted.'),
  s3: running(s3Schema().optional(), 'Endpoint of an S3-compatible store.')
})

function s3Schema () {
  return z.strictObject({ endpoint: z.string().optional(), region: z.string().optional(), forcePathStyle: z.boolean().optional() })
}

/** Which rows of a source are read, where not all: a random sample, see connectors/sampled-source.ts. */
export const sampleSchema = z.strictObject({
  rows: result(z.int().min(1), 'How many rows; all, where the source has no more.'),
  seed: result(z.int().min(0).default(0), 'Which sample: another seed, other rows.'),
  groups: result(z.int().min(1).optional(), 'Draws of a row group, each of which gives an equal share of the rows. Default 4 √rows. Fewer cost fewer bytes, more are closer to rows drawn one by one.')
})

/** The whole configuration. */
export const configSchema = z.strictObject({
  pipeline: result(z.enum(['synthesizer', 'teacher']).default('synthesizer'), '`synthesizer`: one call turns a text into tools and a trajectory. `teacher`: the four stages of GEM.'),
  profile: result(z.enum(['default', 'paper']).default('default'), '`paper`: the rules and the judge of GEM and nothing else. `default`: ours beside them. It says what a key means that the config leaves out.'),
  source: sourceSchema,
  sample: result(sampleSchema.optional(), 'Reads a random sample of the rows of the whole source, which costs its footers and the pages that hold them.'),
  limit: result(z.int().min(1).optional(), 'Reads the first so many rows of the source and nothing behind them. Not together with `sample`.'),
  out: running(z.string().min(1).default('out/run'), 'Where the run lies: a folder, `s3://bucket/prefix`, or `-` for accepted records on standard output.'),
  sink: sinkSchema.prefault({}),
  models: z.record(z.string().regex(/^[a-z][\w-]*$/), modelSchema).meta({ change: 'result', description: 'Models by role: `filter`, `teacher`, `synthesizer`, `judge`, or `default` for those that are not named.' }),
  stages: stagesSchema.prefault({}),
  dedup: z.strictObject({
    texts: result(z.boolean().default(true), 'Whether a document with the text of another one is dropped before any call.'),
    trajectories: result(z.boolean().default(true), 'Whether a trajectory with the content of another one is dropped.'),
    maxKeys: running(z.int().min(1).default(100_000_000), 'Cap of each index, in keys of 32 to 64 bytes.')
  }).prefault({}),
  concurrency: running(z.int().min(1).default(256), 'Documents at work at once.'),
  window: running(z.int().min(1).default(65_536), 'Documents read but not yet written; so far may the others run ahead of an old slow one.'),
  heldMegabytes: running(z.number().positive().default(256), 'Finished results in memory; beyond, they wait in a temporary file.'),
  drainSeconds: running(z.number().min(0).default(60), 'How long calls in flight may take after the first SIGINT.'),
  journal: running(z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional(), 'Outputs of older runs whose answers may be used again.'),
  offline: result(z.boolean().transform(value => value ? true as const : undefined).optional(), 'Calls no model: what no journal answers is the reject `journal-missed`. An output that was made offline is not continued online.'),
  log: running(z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('warn'), 'Least level of the log on standard error.')
}).superRefine(({ source, sample, limit }, context) => {
  const refuse = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message })
  if (sample === undefined) return
  if (limit !== undefined) refuse('limit', 'not together with sample: the first rows of a sample are no sample; make sample.rows smaller')
  if (source.uri === '-') refuse('sample', 'standard input is read as it comes, nobody knows how much there will be; write it to a file, or take limit')
  if (source.preset === 'wikihowSep' && source.columns === undefined) refuse('sample', 'the preset wikihowSep makes one document of several rows, and some of them are none; take the preset wikihow, or limit')
})

/** A configuration, complete with its defaults. */
export type Config = z.output<typeof configSchema>
/** One of `models`. */
export type ModelConfig = z.output<typeof modelSchema>
/** What all stages that ask a model have in common. */
export type ModelStageConfig = z.output<typeof modelStageSchema>
