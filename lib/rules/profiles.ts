import type { RuleMode } from './rule.js'
import { RULES } from './rules.js'

/** Sets of modes: `paper` is the paper's six checks and nothing else, `default` adds ours. */
export const PROFILE_NAMES = ['paper', 'default'] as const
/** Name of a set of modes. */
export type ProfileName = typeof PROFILE_NAMES[number]

/** The mode of every rule, by profile and name. */
export const PROFILES: Readonly<Record<ProfileName, Readonly<Record<string, RuleMode>>>> = {
  paper: Object.fromEntries(RULES.map(({ name, mode, paper }) => [name, paper === undefined ? 'off' : mode])),
  default: Object.fromEntries(RULES.map(({ name, mode }) => [name, mode]))
}

/** The mode of every rule of a profile, with single ones set otherwise. */
export function modesOf (profile: ProfileName, overrides: Readonly<Record<string, RuleMode | undefined>> = {}): Readonly<Record<string, RuleMode>> {
  const set = Object.entries(overrides).flatMap(([name, mode]) => mode === undefined ? [] : [[name, mode] as const])
  return { ...PROFILES[profile], ...Object.fromEntries(set) }
}
