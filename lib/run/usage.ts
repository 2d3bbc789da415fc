import type { Settlement } from '../engine/envelope.js'
import { modelFacts } from '../schema/trajectory-record.js'
import type { StageUsage } from './commit-record.js'

/** Adds the tokens of a settlement by stage. Children share the calls of their parent: a request counts once. */
export function addUsage (usage: StageUsage, settlement: Settlement<unknown>): void {
  const seen = new Set<string>()
  for (const { trail } of [...settlement.accepted, ...settlement.ended]) {
    for (const fact of modelFacts(trail)) {
      const call = `${fact.stage} ${fact.requestKey}`
      if (seen.has(call)) continue
      seen.add(call)
      const stage = usage[fact.stage] ??= { calls: 0, promptTokens: 0, completionTokens: 0 }
      stage.calls++
      stage.promptTokens += fact.usage.promptTokens
      stage.completionTokens += fact.usage.completionTokens
    }
  }
}

/** Adds up usages by stage. */
export function addStageUsage (sum: StageUsage, more: StageUsage): void {
  for (const [name, { calls, promptTokens, completionTokens }] of Object.entries(more)) {
    const stage = sum[name] ??= { calls: 0, promptTokens: 0, completionTokens: 0 }
    stage.calls += calls
    stage.promptTokens += promptTokens
    stage.completionTokens += completionTokens
  }
}
