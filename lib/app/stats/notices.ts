import type { DatasetStats } from './collect-stats.js'

/** What must be said of records before they are used: who wrote them. */
export function noticesOfStats ({ records, ruleBased, untrained }: Pick<DatasetStats, 'records' | 'ruleBased' | 'untrained'>): readonly string[] {
  const share = (part: number): string => `${part} of ${records} (${(100 * part / records).toFixed(0)} %)`
  return [
    ...ruleBased === 0 ? [] : [`RULE-BASED: ${share(ruleBased)} were written by the embedded author, which is no language model. No training data.`],
    ...untrained === 0 ? [] : [`UNTRAINED: ${share(untrained)} come from a synthesizer that was not trained for it.`]
  ]
}
