import t from 'tap'
import type { Ended, Settlement } from '../../lib/engine/envelope.js'
import type { TrajectoryCandidate } from '../../lib/schema/candidate.js'
import type { ModelFact, VerdictFact } from '../../lib/schema/lineage.js'
import { rejectRecordSchema, toRejectRecord, toTrajectoryRecord, trajectoryRecordSchema, type RecordOptions } from '../../lib/schema/trajectory-record.js'
import { countTrajectory } from '../../lib/schema/trajectory.js'
import { DOOR_TRAJECTORY } from '../support/fake-trajectory.js'

const settlement = { origin: { source: 'corpus', path: 'a/b.parquet', rowGroup: 1, row: 7 }, key: 'k' } as Settlement<unknown>
const candidate: TrajectoryCandidate = {
  document: { text: 'Open the door.', textKey: 'k', language: 'en', redacted: { email: 1 } },
  trajectory: DOOR_TRAJECTORY,
  draft: { ...DOOR_TRAJECTORY, messages: DOOR_TRAJECTORY.messages.slice(0, 2) },
  patterns: { clarification: 1 }
}
const call: ModelFact = {
  kind: 'model', stage: 'judge', attempt: 0, prompt: 'judge/grounding@v1#x', model: 'm', author: 'model', requestKey: 'r', finishReason: 'stop',
  usage: { promptTokens: 3, completionTokens: 2 }, text: '{"R1":1,"R2":0,"R3":1}', reasoning: 'because'
}
const verdict: VerdictFact = { kind: 'verdict', stage: 'judge', R1: 1, R2: 0, R3: 1, raw: call.text }
const options: RecordOptions = { pipeline: 'teacher', keepText: true, canonicalUri: 'hf://datasets/x@main/', licence: 'Apache-2.0' }
const ended: Ended = { id: 'd', stage: 'judge', kind: 'drop', reason: 'judge-r2', value: candidate, trail: [call, verdict] }

/** As a reader sees it: what is undefined is not there. */
const written = (value: object): unknown => JSON.parse(JSON.stringify(value))

t.test('an accepted result -> a record with its draft, verdict, licence, address, language and what was replaced', async t => {
  const record = written(toTrajectoryRecord({ id: 'd', value: candidate, trail: [call, verdict] }, settlement, options))
  t.strictSame(trajectoryRecordSchema.parse(record), record)
  t.match(record, {
    source: { path: 'a/b.parquet', uri: 'hf://datasets/x@main/a/b.parquet' },
    licence: 'Apache-2.0', language: 'en', redacted: { email: 1 },
    draft: { stats: countTrajectory(candidate.draft ?? DOOR_TRAJECTORY) },
    checks: { patterns: { clarification: 1 }, verdict: { R2: 0, raw: call.text } },
    usage: { promptTokens: 3, completionTokens: 2 }
  })
  t.notMatch(JSON.stringify(record), /because/, 'no reasoning')
})

t.test('a source without an address of its own -> its name stands for it; keepText off -> no text anywhere', async t => {
  const bare: RecordOptions = { pipeline: 'teacher', keepText: false }
  const record = written(toTrajectoryRecord({ id: 'd', value: candidate, trail: [] }, settlement, bare)) as { source: { uri: string }, text?: string }
  t.strictSame([record.source.uri, record.text], ['corpus/a/b.parquet', undefined])
  t.notMatch(JSON.stringify(toRejectRecord(ended, settlement, bare)), /Open the door\./)
})

t.test('a trajectory that was dropped -> stays whole in its dead letter; a document that was, does not', async t => {
  const reject = written(toRejectRecord(ended, settlement, options))
  t.strictSame(rejectRecordSchema.parse(reject), reject)
  t.match(reject, { candidate: { messages: { length: DOOR_TRAJECTORY.messages.length }, text: 'Open the door.', draft: {} }, verdict: { R2: 0 }, answer: call.text })
  t.equal(toRejectRecord({ ...ended, value: candidate.document }, settlement, options).candidate, undefined)
  t.equal(toRejectRecord({ ...ended, value: undefined }, settlement, options).candidate, undefined)
})
