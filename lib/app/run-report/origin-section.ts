import type { Section } from '../report/spec.js'
import type { DatasetStats } from '../stats/collect-stats.js'
import { nameBars } from './name-bars.js'

/** Where the texts come from, under which licence, in which language, and what was replaced in them. */
export function originSection ({ records, licences, languages, sources, redacted }: DatasetStats): Section {
  const common = { axis: 'share of trajectories', counted: 'trajectories', of: records }
  return {
    id: 'origin',
    title: 'Origin',
    blocks: [
      nameBars({ ...common, title: 'Licences of the texts', counts: licences, rowTitle: 'licence', caption: 'As the config says of each source; unknown where it says nothing. The licence of a text goes with what was made of it.' }),
      nameBars({ ...common, title: 'Languages', counts: languages, rowTitle: 'language', caption: 'Language of the source text, ISO 639-1; unknown where it was not detected.' }),
      nameBars({ ...common, title: 'Sources', counts: sources, rowTitle: 'source', caption: 'Name of the corpus.' }),
      nameBars({ title: 'Replaced in the source', counts: redacted, rowTitle: 'type', axis: 'share of replaced values', counted: 'values', tone: 'drop', caption: 'Personal data and secrets that were replaced before any model saw the text, by type.' })
    ]
  }
}
