import { gunzipSync } from 'node:zlib'
import t from 'tap'
import { isDerived } from '../../../lib/app/dataset/derived-set.js'
import { createDatasetWriter } from '../../../lib/app/dataset/write-dataset.js'
import type { RejectRecord } from '../../../lib/schema/trajectory-record.js'
import { DOOR_TRAJECTORY } from '../../support/fake-trajectory.js'
import { createMemoryStore } from '../../support/memory-store.js'
import { recordOf } from '../in-memory.js'

const made = { command: 'mix', from: ['out/a'], options: { n: 2 } }
const reject: RejectRecord = {
  id: 'r', stage: 'judge', kind: 'drop', reason: 'judge-r1', textKey: 'k', source: { name: 'c', path: 'p', rowGroup: 0, row: 0, uri: 'c/p' },
  lineage: { pipeline: 'teacher', steps: [] }, usage: { promptTokens: 0, completionTokens: 0 }
}

t.test('records and rejects -> parts, manifest, card and _SUCCESS; the same bytes each time', async t => {
  const make = async () => {
    const store = createMemoryStore()
    const writer = await createDatasetWriter(store, made)
    for (let n = 0; n < 10_001; n++) await writer.accept({ ...recordOf(DOOR_TRAJECTORY), id: String(n), licence: n === 0 ? 'MIT' : undefined })
    await writer.reject(reject)
    return { store, manifest: await writer.close() }
  }
  const { store, manifest } = await make()
  t.strictSame([...store.objects.keys()].sort(), ['README.md', '_SUCCESS', 'data/part-00000.jsonl.gz', 'data/part-00001.jsonl.gz', 'derived.json', 'manifest.json', 'rejects/part-00000.jsonl.gz'])
  t.strictSame(manifest.data.map(({ rows }) => rows), [10_000, 1])
  t.match(manifest.totals, { accepted: 10_001, ended: { 'judge/judge-r1': 1 }, licences: { MIT: 1, unknown: 10_000 } })
  t.match(gunzipSync(store.objects.get('data/part-00001.jsonl.gz') as Uint8Array).toString(), /^\{"id":"10000"[^\n]*\n$/)
  t.match(Buffer.from(store.objects.get('README.md') as Uint8Array).toString(), /\| unknown \| 10000 \|\n\| MIT \| 1 \|/)
  t.strictSame((await make()).manifest, manifest)
})

t.test('a place that is not empty -> config-invalid that names what lies there, and nothing is written', async t => {
  const store = createMemoryStore()
  await store.put('data/x', Buffer.from('x'))
  await t.rejects(createDatasetWriter(store, made), { code: 'config-invalid', message: /store is not empty \(data\/x\)/ })
  t.strictSame([...store.objects.keys()], ['data/x'])
})

t.test('a set whose command was killed -> not read as one', async t => {
  const store = createMemoryStore()
  t.notOk(await isDerived(store), 'an empty place is none')
  const writer = await createDatasetWriter(store, made)
  await writer.accept(recordOf(DOOR_TRAJECTORY))
  await t.rejects(isDerived(store), { code: 'plan-invalid', message: /was not finished/ })
  await writer.close()
  t.ok(await isDerived(store))
})
