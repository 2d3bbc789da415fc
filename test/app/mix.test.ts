import { readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { mixCommand } from '../../lib/app/commands/mix.js'
import { createCandidates } from '../../lib/app/dataset/mix-candidates.js'
import { mixDataset, type MixReport } from '../../lib/app/dataset/mix-dataset.js'
import { gatherRecords } from '../../lib/app/dataset/mix-records.js'
import { readRecords } from '../../lib/app/read-records.js'
import { widthOf } from '../../lib/app/terminal/width.js'
import type { Task } from '../../lib/schema/labels.js'
import { trajectoryRecordSchema, type TrajectoryRecord } from '../../lib/schema/trajectory-record.js'
import { DOOR_TRAJECTORY } from '../support/fake-trajectory.js'
import { createMemoryStore } from '../support/memory-store.js'
import { recordOf, runInMemory, temporaryFolder } from './in-memory.js'

function record (name: string, tasks: readonly Task[] | undefined, more: Partial<TrajectoryRecord> = {}): TrajectoryRecord {
  const labels = tasks === undefined ? undefined : { platforms: ['computer' as const], domains: ['shopping' as const], tasks: [...tasks] }
  return recordOf(DOOR_TRAJECTORY, { id: name, textKey: name, labels, ...more })
}

const linesOf = (records: readonly unknown[]): string => records.map(each => typeof each === 'string' ? each : JSON.stringify(each)).join('\n') + '\n'

/** 40 records that search, 12 that do and are databases, 5 without labels, in three files. */
const RECORDS = [
  ...Array.from({ length: 40 }, (_, at) => record(`s${at}`, ['search'], { licence: 'MIT' })),
  ...Array.from({ length: 12 }, (_, at) => record(`d${at}`, ['search', 'databases'], { licence: at < 6 ? 'CC0-1.0' : undefined })),
  ...Array.from({ length: 5 }, (_, at) => record(`n${at}`, undefined))
]

async function filesOf (t: Test, ...contents: ReadonlyArray<readonly unknown[]>): Promise<{ readonly folder: string, readonly files: readonly string[] }> {
  const folder = await temporaryFolder(t)
  const files = contents.map((_, at) => join(folder, `${at}.jsonl`))
  for (const [at, records] of contents.entries()) await writeFile(files[at] as string, linesOf(records))
  return { folder, files }
}

const thirds = [RECORDS.slice(0, 19), RECORDS.slice(19, 38), RECORDS.slice(38)]

async function mix (positional: readonly string[], options: Record<string, unknown>): Promise<MixReport> {
  const { code, out } = await runInMemory(mixCommand, { positional, options: { json: true, ...options } })
  t.equal(code, 0)
  return JSON.parse(out) as MixReport
}

async function setAt (folder: string): Promise<TrajectoryRecord[]> {
  const names = (await readdir(join(folder, 'data'))).sort()
  const lines = await Promise.all(names.map(async name => gunzipSync(await readFile(join(folder, 'data', name))).toString().trimEnd().split('\n')))
  return lines.flat().map(line => trajectoryRecordSchema.parse(JSON.parse(line)))
}

t.test('a quota by task -> so many of each, whole records in one order, a card and a manifest', async t => {
  const { folder, files } = await filesOf(t, ...thirds)
  const quota = join(folder, 'quota.yaml')
  await writeFile(quota, 'databases: 10\nsearch: 50 %\nunknown: 3\n')
  const report = await mix(files, { n: '30', quota, to: join(folder, 'out') })
  t.match(report, { version: 1, n: 30, by: 'task', seed: 0, records: 57, taken: 28, copies: 0, invalid: 0, short: '28 of 30 records; the quotas ask for 28 only' })
  const rows = Object.fromEntries(report.labels.filter(({ wanted }) => wanted !== null).map(({ label, available, wanted, taken }) => [label, [available, wanted, taken]]))
  t.strictSame(rows, { search: [52, 15, 15], databases: [12, 10, 10], unknown: [5, 3, 3] })
  const set = await setAt(join(folder, 'out'))
  t.equal(set.length, 28)
  for (const each of set) t.strictSame(each, JSON.parse(JSON.stringify(RECORDS.find(({ id }) => id === each.id))))
  t.match(JSON.parse(await readFile(join(folder, 'out', 'manifest.json'), 'utf8')), { kind: 'derived', made: { command: 'mix', from: files, options: { n: 30, by: 'task', seed: 0, labels: { databases: { wanted: 10, taken: 10 } } } }, totals: { accepted: 28 } })
  t.match(await readFile(join(folder, 'out', 'README.md'), 'utf8'), /gemline mix/)
})

t.test('the same records in other files, another order, some twice -> the same bytes; another seed -> others', async t => {
  const { folder, files } = await filesOf(t, ...thirds)
  const shuffled = await filesOf(t, [...RECORDS].reverse(), RECORDS.slice(10, 30))
  for (const [at, by] of ['task', 'domain', 'platform', 'source', 'licence'].entries()) {
    for (const quota of ['equal', 'proportional']) {
      const [one, other] = [join(folder, `${by}-${quota}`), join(shuffled.folder, `${by}-${quota}`)]
      const report = await mix(files, { n: '20', by, quota, to: one, seed: String(at) })
      const again = await mix(shuffled.files, { n: '20', by, quota, to: other, seed: String(at) })
      t.equal(report.taken, 20)
      t.strictSame(await readFile(join(other, 'data/part-00000.jsonl.gz')), await readFile(join(one, 'data/part-00000.jsonl.gz')), `${by} ${quota}`)
      t.ok(again.copies > 0 && again.copies <= 20)
    }
  }
  const ids = async (name: string): Promise<string[]> => (await setAt(join(folder, name))).map(({ id }) => id)
  await mix(files, { n: '20', seed: '99', to: join(folder, 'seed') })
  t.notSame((await ids('seed')).sort(), (await ids('task-proportional')).sort())
  await mix(files, { n: '7', to: join(folder, 'seven') })
  t.strictSame(await ids('seven'), (await ids('task-proportional')).slice(0, 7), 'a smaller set is the beginning of a larger one')
})

t.test('copies that differ in what is no content -> the smallest id, then the smallest line; equal texts with other trajectories both', async t => {
  const [tool] = DOOR_TRAJECTORY.tools
  const other = recordOf({ ...DOOR_TRAJECTORY, tools: [{ ...tool, description: 'another' } as never] }, { id: 'c', textKey: 'k' })
  const copies = [record('b', ['search'], { textKey: 'k' }), record('a', ['marketing'], { textKey: 'k' }), record('a', ['search'], { textKey: 'k', licence: 'MIT' }), other]
  const { folder, files } = await filesOf(t, copies, [...copies].reverse())
  const [one = '', two = ''] = files
  for (const [at, order] of [[one], [two], [one, two]].entries()) await mix(order, { n: '9', to: join(folder, `out${at}`) })
  const sets = await Promise.all([0, 1, 2].map(at => setAt(join(folder, `out${at}`))))
  t.strictSame(sets[0]?.map(({ id }) => id).sort(), ['a', 'c'])
  t.strictSame(sets[1], sets[0])
  t.strictSame(sets[2], sets[0])
})

t.test('more wanted than there are -> all of them, and why', async t => {
  const { folder, files } = await filesOf(t, ...thirds)
  const report = await mix(files, { n: '1000', to: join(folder, 'out') })
  t.match(report, { taken: 57, short: '57 of 1000 records; there are no more' })
  t.equal((await setAt(join(folder, 'out'))).length, 57)
})

t.test('lines that are no record -> counted, told, and left out', async t => {
  const { files } = await filesOf(t, [...RECORDS.slice(0, 4), 'no json', { id: 1 }, '\u001b[31m'])
  const report = await mix(files, { n: '10' })
  t.match(report, { records: 4, invalid: 3, taken: 4, out: null })
  t.match(report.examples[0], /0\.jsonl:5: no JSON/)
})

t.test('for people -> wanted, taken and the shares of the paper, as wide as the terminal; nothing is written without --to', async t => {
  const { folder, files } = await filesOf(t, ...thirds)
  const { out } = await runInMemory(mixCommand, { positional: files, options: { n: '20', quota: 'gem' }, columns: 80 })
  t.match(out, /^\d+ trajectories of 57, mixed by task, quota gem, seed 0$/m)
  t.match(out, /^task +available +wanted +taken +in set +share +paper$/m)
  t.match(out, /^customer_support +0 +5 +0 +0 +0\.0 % +22\.4 %$/m)
  t.match(out, /^\* \(all others\) +5 +2 +2 .* 10\.3 %$/m)
  t.match(out, /^fewer than 20: \d+ of 20 records; .*customer_support gave 0/m)
  t.match(out, /nothing is written without --to/)
  t.strictSame(out.split('\n').filter(line => widthOf(line) > 80), [])
  t.strictSame(await readdir(folder), ['0.jsonl', '1.jsonl', '2.jsonl'])
  const equal = await runInMemory(mixCommand, { positional: files, options: { n: '6', quota: 'equal', by: 'licence' } })
  t.match(equal.out, /^CC0-1\.0 +6 +2 +2 +2 +33\.3 %$/m)
  t.match(equal.out, /^unknown +11 +2 +2 +2 +33\.3 %$/m)
})

t.test('commands that cannot be done -> refused by name, nothing is written', async t => {
  const { folder, files } = await filesOf(t, ...thirds)
  const broken = join(folder, 'broken.jsonl.gz')
  await writeFile(broken, 'no gzip')
  await writeFile(join(folder, 'big.yaml'), `search: 1 # ${'x'.repeat(1_000_001)}`)
  const cases: ReadonlyArray<{ readonly positional?: readonly string[], readonly options: Record<string, unknown>, readonly code: string, readonly message: RegExp }> = [
    { options: {}, code: 'config-invalid', message: /--n: / },
    { options: { n: '0' }, code: 'config-invalid', message: /--n: / },
    { options: { n: '5', by: 'colour' }, code: 'config-invalid', message: /--by: / },
    { options: { n: '5', quota: join(folder, 'none.yaml') }, code: 'config-invalid', message: /none\.yaml is none of proportional, equal, gem, nor a file that can be read/ },
    { options: { n: '5', quota: join(folder, 'big.yaml') }, code: 'config-invalid', message: /bytes, 1000000 are allowed/ },
    { options: { n: '5', quota: 'gem', by: 'domain' }, code: 'config-invalid', message: /mix by task/ },
    { positional: ['-'], options: { n: '5' }, code: 'config-invalid', message: /standard input only once/ },
    { positional: [...files, join(folder, 'gone.jsonl')], options: { n: '5', to: join(folder, 'out') }, code: 'source-missing', message: /gone\.jsonl/ },
    { positional: [...files, broken], options: { n: '5', to: join(folder, 'out') }, code: 'split-unreadable', message: /broken\.jsonl\.gz/ },
    { options: { n: '5', to: folder }, code: 'config-invalid', message: /is not empty/ }
  ]
  for (const { positional = files, options, code, message } of cases) await t.rejects(runInMemory(mixCommand, { positional, options }), { code, message }, JSON.stringify(options))
  const only = join(folder, 'only.yaml')
  await writeFile(only, 'marketing: 5')
  await t.rejects(runInMemory(mixCommand, { positional: files, options: { n: '5', quota: only } }), { code: 'source-missing', message: /of 57 records none is wanted by the quota/ })
  t.notOk((await readdir(folder)).includes('out'))
})

t.test('records that are gone at the second reading -> object-changed, and no set', async t => {
  const { folder, files } = await filesOf(t, ...thirds)
  const store = createMemoryStore()
  let reading = 0
  const read = () => {
    const names = reading++ === 0 ? files : files.slice(1)
    return readRecords(names, { stdin: process.stdin, signal: new AbortController().signal })
  }
  const options = { n: 57, by: 'task' as const, quota: { kind: 'proportional' as const }, quotaName: 'proportional', seed: 0 }
  await t.rejects(mixDataset({ read, from: files, store }, options), { code: 'object-changed', message: /19 of 57 chosen records were not there/ })
  t.strictSame([...store.objects.keys()], [])
  await rm(folder, { recursive: true })
})

t.test('a store that fails while the set is written -> its error; the place is no set', async t => {
  const { files } = await filesOf(t, ...thirds)
  const store = createMemoryStore()
  const failing = { ...store, open: async () => { throw Object.assign(new Error('disk full')) } }
  const read = () => readRecords(files, { stdin: process.stdin, signal: new AbortController().signal })
  await t.rejects(mixDataset({ read, from: files, store: failing }, { n: 5, by: 'task', quota: { kind: 'proportional' }, quotaName: 'proportional', seed: 0 }), /disk full/)
  t.notOk(store.objects.has('_SUCCESS'))
})

t.test('100,000 records, 50 wanted of two labels -> at most 100 candidates are held', async t => {
  const candidates = createCandidates({ n: 50, seed: 0, quota: { kind: 'equal' } })
  for (let at = 0; at < 100_000; at++) candidates.add(`key ${at}`, ['a', 'b'])
  const groups = candidates.groups()
  t.strictSame(groups.map(group => [group.label, group.candidates.length, group.available]), [['a', 50, 100_000], ['b', 50, 100_000]])
  const gathered = await gatherRecords((async function * () {})(), [])
  t.strictSame([...gathered.records()], [])
  gathered.close()
})
