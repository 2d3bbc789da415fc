import { readFile, stat } from 'node:fs/promises'
import { z } from 'zod'
import { GemlineError } from '../../engine/errors.js'
import type { CommandSpec } from '../command.js'
import { parseYaml } from '../config.js'
import { mixDataset } from '../dataset/mix-dataset.js'
import { MIX_BY } from '../dataset/mix-labels.js'
import { namedQuota, QUOTA_NAMES, readQuota, type Quota, type QuotaFor } from '../dataset/mix-quota.js'
import { EXIT } from '../exit-codes.js'
import { readRecords } from '../read-records.js'
import { openOutput } from '../stores.js'
import { formatMix } from '../terminal/format-mix.js'
import { say, sayJson } from '../terminal/say.js'
import { flagInt, parseFlags } from './options.js'

const flags = z.object({
  json: z.boolean().default(false),
  n: flagInt(1, 10_000_000),
  by: z.enum(MIX_BY).default('task'),
  quota: z.string().min(1).default('proportional'),
  to: z.string().min(1).optional(),
  seed: flagInt(0, Number.MAX_SAFE_INTEGER).default(0),
  top: flagInt(0, 1000).default(20)
})

/** `gemline mix`: a final set of a given size and mixture. */
export const mixCommand: CommandSpec = {
  name: 'mix',
  summary: 'Makes a final set of n trajectories by quotas of tasks, domains, platforms, sources or licences. The same inputs give the same set.',
  examples: [
    'gemline mix out/run --n 10000 --quota gem',
    'gemline mix out/a out/b --n 10000 --by domain --quota quota.yaml --to sets/final',
    'gemline mix out/run --n 5000 --by licence --quota equal --seed 7 --to s3://sets/second --json'
  ],
  arguments: '<files...>',
  options: [
    { flags: '--n <n>', description: 'Trajectories that are wanted.' },
    { flags: '--by <label>', description: '`task`, `domain`, `platform`, `source` or `licence`.', default: 'task' },
    { flags: '--quota <quota>', description: 'A file of label: number or share, or `proportional`, `equal`, `gem`.', default: 'proportional' },
    { flags: '--to <uri>', description: 'Where the set is written, an empty folder or `s3://bucket/prefix`; without it only the table is shown.' },
    { flags: '--seed <n>', description: 'Which set: another seed, other records.', default: 0 },
    { flags: '--top <n>', description: 'Labels in the table, beside those with a quota.', default: 20 },
    { flags: '--json', description: 'One JSON object for scripts.' }
  ],
  async run ({ positional, options, io, signal }) {
    const { json, n, by, quota: quotaName, to, seed, top } = parseFlags(flags, options)
    if (positional.includes('-')) throw new GemlineError('config-invalid', 'mix reads everything twice, and standard input only once; name files or folders')
    const quota = await openQuota(quotaName, { by, n, where: `--quota ${quotaName}` })
    const store = to === undefined ? undefined : await openOutput(to, undefined)
    const read = () => readRecords(positional, { stdin: io.stdin, signal })
    const report = await mixDataset({ read, from: positional, store }, { n, by, quota, quotaName, seed })
    await (json ? sayJson(io.stdout, report) : say(io.stdout, formatMix(report, { ...io, top })))
    return EXIT.ok
  }
}

const MOST_BYTES = 1_000_000

async function openQuota (name: string, options: QuotaFor): Promise<Quota> {
  const known = QUOTA_NAMES.find(each => each === name)
  return known === undefined ? readQuota(parseYaml(await readQuotaFile(name), options.where), options) : namedQuota(known, options)
}

async function readQuotaFile (file: string): Promise<string> {
  try {
    const { size } = await stat(file)
    if (size > MOST_BYTES) throw new Error(`it has ${size} bytes, ${MOST_BYTES} are allowed`)
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new GemlineError('config-invalid', `--quota ${file} is none of ${QUOTA_NAMES.join(', ')}, nor a file that can be read: ${(error as Error).message}`, { cause: error })
  }
}
