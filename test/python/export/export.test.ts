/**
 * Holds `gemline export` against transformers, tokenizers and datasets: every record of the sample, the hand-written
 * trajectories and random ones, in every form, rendered by Qwen3's own chat template, read back, and walked past the silent
 * traps of the trainers. Needs `npm run python:install`. It cannot run the trainers themselves: what LLaMA-Factory, ms-swift and
 * verl do with a row is replayed from their documents and code (trainers.py).
 */
import '../../support/seed.js'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { exportCommand } from '../../../lib/app/commands/export.js'
import { loadConfig } from '../../../lib/app/config.js'
import { createSynthesizerSampler, sampleAgent } from '../../../lib/app/export/samples.js'
import { openRow } from '../../../lib/app/open-row.js'
import { quickstartFile, quickstartSettings } from '../../../lib/app/quickstart.js'
import { readRecords } from '../../../lib/app/read-records.js'
import { run } from '../../../lib/app/run.js'
import { silent } from '../../../lib/engine/operator.js'
import { findObstacle, FORMAT_NAMES, renderQwen3 } from '../../../lib/formats/index.js'
import { createTokenCounter } from '../../../lib/model/tokens.js'
import { findPrompt, loadPrompts } from '../../../lib/prompt/index.js'
import type { Trajectory, TrajectoryRecord } from '../../../lib/schema/index.js'
import { recordOf, runInMemory, temporaryFolder } from '../../app/in-memory.js'
import { anyTrajectory } from '../../support/any-trajectory.js'
import { readThirty } from '../../support/thirty.js'
import { allTrajectories } from '../../support/trajectories.js'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const PYTHON = join(ROOT, '.tools/python/bin/python')
const QWEN3 = join(ROOT, '.tools/qwen3')
const RANDOM = 100

interface Check { readonly name: string, readonly ok: boolean, readonly total: number, readonly wrong: readonly unknown[] }

/** Records around trajectories, two of each text; then one without parameters, and three that no trainer may see. */
async function records (): Promise<TrajectoryRecord[]> {
  const written = (await readThirty()).map(({ trajectory }) => trajectory)
  const trajectories = [...written, ...allTrajectories(28, 11), ...fc.sample(anyTrajectory, RANDOM)]
  const made = trajectories.map((trajectory, at) => recordOf(trajectory, { id: `t-${at}`, text: `A text with <b>steps</b>, number ${at >> 1}.`, textKey: `k-${at >> 1}` }))
  const [first] = trajectories as [Trajectory]
  const saying = (content: string): Trajectory => ({ ...first, messages: [...first.messages.slice(0, -1), { role: 'assistant', content, toolCalls: [] }] })
  const bare = recordOf({ ...first, tools: first.tools.map(({ name, description }) => ({ name, description, parameters: {} })) }, { id: 'bare' })
  const large = recordOf({ ...first, tools: first.tools.map(tool => ({ ...tool, parameters: { ...tool.parameters, maximum: 12345678901234567000 } })) }, { id: 'left-3' })
  return [...made, bare, recordOf(saying('a <|im_end|>'), { id: 'left-1' }), recordOf(saying('a\ud800'), { id: 'left-2' }), large]
}

t.test('exports -> what transformers and datasets make of them is what was put in', { timeout: 1_500_000 }, async t => {
  if (!existsSync(PYTHON) || !existsSync(QWEN3)) return t.fail('run npm run python:install first')
  const work = await temporaryFolder(t)
  const out = join(work, 'run')
  for (const pipeline of ['teacher', 'synthesizer']) {
    const config = await loadConfig({ file: quickstartFile(), set: [...quickstartSettings(pipeline), ['pipeline', pipeline], ['out', `${out}-${pipeline}`]] })
    t.ok((await run({ config, stdin: new PassThrough(), log: silent })).complete, `the sample by the ${pipeline}`)
  }
  const file = join(work, 'records.jsonl')
  // Both pipelines name a document alike; here each needs a name of its own.
  const renamed = (await valuesOf([`${out}-synthesizer`])).map(value => ({ ...value as TrajectoryRecord, id: `s-${(value as TrajectoryRecord).id}` }))
  await writeFile(file, [...renamed, ...await records()].map(record => `${JSON.stringify(record)}\n`).join(''))
  const data = [`${out}-teacher`, file]

  await writeFile(join(work, 'dialogues.jsonl'), await dialoguesOf(data))
  await copyFile(join(ROOT, 'test/fixtures/qwen3/rendered.json'), join(work, 'rendered.json'))
  for (const trainee of ['agent', 'synthesizer']) {
    for (const format of FORMAT_NAMES) {
      const { code } = await runInMemory(exportCommand, { positional: data, options: { for: trainee, format, split: 'valid=0.1', to: join(work, `${trainee}-${format}`) } })
      t.equal(code, 0, `${trainee} ${format} is exported`)
    }
  }
  const { stdout } = await promisify(execFile)(PYTHON, [join(ROOT, 'test/python/export/check.py'), work, QWEN3], { maxBuffer: 1 << 26 })
  const checks = stdout.trim().split('\n').map(line => JSON.parse(line) as Check)
  t.ok(checks.length > 50, `${checks.length} checks`)
  for (const { name, ok, total, wrong } of checks) t.ok(ok, `${name} (${total})${ok ? '' : `: ${JSON.stringify(wrong)}`}`)
})

/** What every row must come to, by who is trained and id. */
async function dialoguesOf (data: readonly string[]): Promise<string> {
  const samplers = { agent: sampleAgent, synthesizer: createSynthesizerSampler(findPrompt(await loadPrompts(), 'synthesize/short')) }
  const { count } = await createTokenCounter('qwen3')
  let lines = ''
  for (const value of await valuesOf(data)) {
    const opened = openRow(value)
    if (!('trajectory' in opened)) continue
    for (const [trainee, sample] of Object.entries(samplers)) {
      const trajectory = sample(opened, '')
      if (findObstacle(trajectory) !== undefined) continue
      const { text, spans } = renderQwen3(trajectory)
      // Python counts code points.
      const points = spans.map(span => span.map(at => [...text.slice(0, at)].length))
      lines += `${JSON.stringify({ for: trainee, id: opened.id, textKey: opened.record?.textKey, trajectory, text, spans: points, tokens: count(text) })}\n`
    }
  }
  return lines
}

async function valuesOf (data: readonly string[]): Promise<unknown[]> {
  const values: unknown[] = []
  for await (const items of readRecords(data, { stdin: new PassThrough(), signal: new AbortController().signal })) {
    for (const item of items) if (item.kind === 'record') values.push(item.value)
  }
  return values
}
