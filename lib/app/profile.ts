import { preFilterSchema, type PreFilterOptions } from '../rules/pre-filter.js'
import type { Config } from './config-schema.js'

/** What the filter does before and after its model, with the profile's word where the config has none. */
export interface FilterSettings {
  readonly preFilter: false | PreFilterOptions
}

/** The settings of the filter. GEM asks a model about every document (paper section 3.1), so `paper` has no rules before it. */
export function filterSettingsOf ({ profile, stages }: Config): FilterSettings {
  const { preFilter = profile === 'paper' ? false : {} } = stages.filter
  return { preFilter: preFilter === false ? false : preFilterSchema.parse(preFilter) }
}
