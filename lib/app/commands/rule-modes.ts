import { GemlineError } from '../../engine/errors.js'
import { RULES, type RuleMode } from '../../rules/index.js'
import type { CommandOption } from '../command.js'

/** `--rules` of the commands that check trajectories. */
export const RULES_OPTION: CommandOption = { flags: '--rules <list>', description: 'What rules do: name=mode with off, report or drop, with commas between.' }

const MODES: readonly string[] = ['off', 'report', 'drop'] satisfies RuleMode[]

/** Reads the value of `--rules`. Throws `config-invalid` for a rule that there is not, naming those there are, and for a mode. */
export function readRuleModes (list: string): Record<string, RuleMode> {
  const settings = list.split(',').map(setting => setting.trim()).filter(setting => setting !== '')
  return Object.fromEntries(settings.map(setting => {
    const [name = '', mode = ''] = setting.split('=')
    if (RULES.every(rule => rule.name !== name)) throw new GemlineError('config-invalid', `--rules ${setting}: no rule ${name}; there are ${RULES.map(rule => rule.name).join(', ')}`)
    if (!MODES.includes(mode)) throw new GemlineError('config-invalid', `--rules ${setting}: write off, report or drop`)
    return [name, mode as RuleMode]
  }))
}
