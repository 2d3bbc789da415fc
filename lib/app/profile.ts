import type { z } from 'zod'
import { filterOptionsSchema } from '../../operators/filter.js'
import { redactOptionsSchema } from '../../operators/redact.js'
import type { Config } from './config-schema.js'

/** What the filter does before and after its model. */
export type FilterSettings = z.output<typeof filterOptionsSchema>

/** GEM asks a model about every document, in whatever language (paper section 3.1). */
const PAPER: FilterSettings = { preFilter: false, language: 'any', excludeDomains: [], auditShare: 0 }

/** The settings of the filter: those of the config, else those of its profile. */
export function filterSettingsOf ({ profile, stages }: Config): FilterSettings {
  const { preFilter, language, excludeDomains, auditShare } = stages.filter
  const given = Object.fromEntries(Object.entries({ preFilter, language, excludeDomains, auditShare }).filter(([, value]) => value !== undefined))
  return filterOptionsSchema.parse({ ...profile === 'paper' ? PAPER : {}, ...given })
}

/** Which types of personal data and secrets are replaced before any call; undefined where none are. */
export function redactSettingsOf ({ profile, stages }: Config): z.output<typeof redactOptionsSchema> | undefined {
  const { enabled = profile !== 'paper', types } = stages.redact
  return enabled ? redactOptionsSchema.parse({ types }) : undefined
}
