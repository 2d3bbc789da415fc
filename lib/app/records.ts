import { canonicalJson, sha256 } from '../run/canonical.js'
import type { Ended, SettledItem, Settlement } from '../engine/envelope.js'
import type { TrajectoryCandidate } from '../schema/candidate.js'
import { lineageOf, modelFacts, sumUsage } from '../schema/trajectory-record.js'
import type { Trajectory } from '../schema/trajectory.js'

/** Key of a trajectory's content, hex: tools and messages, whatever document they came from. Remembered for as long as the value lives. */
export function createContentKeys (): (candidate: TrajectoryCandidate) => string {
  const known = new WeakMap<Trajectory, string>()
  return ({ trajectory }) => {
    const key = known.get(trajectory) ?? sha256(canonicalJson(trajectory))
    known.set(trajectory, key)
    return key
  }
}

/** The dead letter of a dropped or rejected record: where it ended and why, the last answer as the model wrote it, what it had cost. */
export function toRejectRecord (ended: Ended, { origin, key }: Settlement<unknown>, pipeline: string): object {
  const calls = modelFacts(ended.trail)
  const { id, stage, kind, reason, message, detail } = ended
  return {
    id, stage, kind, reason, message, detail,
    source: { name: origin.source, path: origin.path, rowGroup: origin.rowGroup, row: origin.row },
    textKey: key,
    answer: calls.at(-1)?.text,
    lineage: lineageOf(ended.trail, pipeline),
    usage: sumUsage(calls.map(call => call.usage))
  }
}

/** Rough bytes of what waits in the order heap: its texts, by characters. */
export function sizeOfSettlement (item: SettledItem<TrajectoryCandidate>): number {
  let bytes = 300
  if (item.kind !== 'settlement') return bytes
  for (const { value, trail } of item.accepted) {
    bytes += value.document.text.length + sizeOfTrajectory(value.trajectory)
    for (const fact of modelFacts(trail)) bytes += fact.text.length
  }
  for (const { trail } of item.ended) for (const fact of modelFacts(trail)) bytes += 200 + fact.text.length
  return bytes
}

function sizeOfTrajectory ({ messages, tools }: Trajectory): number {
  return messages.reduce((sum, message) => sum + 200 + message.content.length, tools.length * 600)
}
