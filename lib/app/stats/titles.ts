import type { Measure } from './collect-stats.js'

/** Measures in words. */
export const MEASURE_TITLES: Readonly<Record<Measure, string>> = {
  messages: 'messages', distinctTools: 'distinct tools', toolCalls: 'tool calls', turns: 'user turns',
  definedTools: 'defined tools', tokens: 'tokens', usageTokens: 'tokens paid', patternKinds: 'different patterns'
}
