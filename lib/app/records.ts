import { canonicalJson, sha256 } from '../run/canonical.js'
import type { SettledItem } from '../engine/envelope.js'
import type { TrajectoryCandidate } from '../schema/candidate.js'
import { modelFacts, type RecordOptions, type TrajectoryRecord } from '../schema/trajectory-record.js'
import type { Trajectory } from '../schema/trajectory.js'
import type { Tally } from '../run/committer.js'
import type { Config } from './config-schema.js'
import { addToStats, openStats } from './stats/collect-stats.js'
import { packStats } from './stats/pack-stats.js'

/** Key of a trajectory's content, hex: tools and messages, whatever document they came from. Remembered for as long as the value lives. */
export function createContentKeys (): (candidate: TrajectoryCandidate) => string {
  const known = new WeakMap<Trajectory, string>()
  return ({ trajectory }) => {
    const key = known.get(trajectory) ?? sha256(canonicalJson(trajectory))
    known.set(trajectory, key)
    return key
  }
}

/** What the config says of every record. */
export function recordOptionsOf ({ pipeline, source, sink }: Config): RecordOptions {
  return { pipeline, keepText: sink.keepText, canonicalUri: source.canonicalUri, licence: source.licence }
}

/** Counts the records of a split for the report. */
export function openTally (): Tally<TrajectoryCandidate> {
  const stats = openStats()
  return {
    add: ({ value }, record) => addToStats(stats, record as TrajectoryRecord, value.trajectory),
    pack: () => packStats(stats)
  }
}

/** Rough bytes of what waits in the order heap: its texts, by characters. */
export function sizeOfSettlement (item: SettledItem<TrajectoryCandidate>): number {
  let bytes = 300
  if (item.kind !== 'settlement') return bytes
  for (const { value, trail } of item.accepted) {
    bytes += sizeOfCandidate(value)
    for (const fact of modelFacts(trail)) bytes += fact.text.length
  }
  for (const { value, trail } of item.ended) {
    bytes += value === undefined ? 0 : sizeOfCandidate(value as Partial<TrajectoryCandidate>)
    for (const fact of modelFacts(trail)) bytes += 200 + fact.text.length
  }
  return bytes
}

/** What a stage was given before there was a trajectory has only its document. */
function sizeOfCandidate ({ document, trajectory, draft }: Partial<TrajectoryCandidate>): number {
  return [trajectory, draft].reduce((sum, each) => sum + (each === undefined ? 0 : sizeOfTrajectory(each)), document?.text.length ?? 0)
}

function sizeOfTrajectory ({ messages, tools }: Trajectory): number {
  return messages.reduce((sum, message) => sum + 200 + message.content.length, tools.length * 600)
}
