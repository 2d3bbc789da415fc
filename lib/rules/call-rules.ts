import { quote, type ArgumentFault, type PaperCheck, type Rule } from './rule.js'

/** Every call names a tool of its own trajectory (paper, rule 2). */
export const callToolKnown: Rule = {
  name: 'call-tool-known',
  mode: 'drop',
  paper: 2,
  check: (_, { calls }) => calls.filter(site => site.tool === undefined).map(({ message, call }) => ({
    rule: 'call-tool-known',
    message: `no tool is named ${quote(call.name)}`,
    where: { message, call: call.id, tool: call.name.slice(0, 80) }
  }))
}

/** Every argument is declared, nested ones too (paper, rule 3). */
export const argumentName = argumentRule({ name: 'argument-name', paper: 3 }, 'undeclared argument')

/** Every required argument is given (paper, rule 3: names match the definition). */
export const argumentRequired = argumentRule({ name: 'argument-required', paper: 3 }, 'missing argument')

/** Every argument has the type, and is one of the values, that its definition allows (paper, rule 4). */
export const argumentType = argumentRule({ name: 'argument-type', paper: 4 }, 'argument')

/** An assistant turn holds one call at most: refinement is told so, and a round is learnt as one step (appendix A.4). Ours. */
export const callsPerTurn: Rule = {
  name: 'calls-per-turn',
  mode: 'drop',
  check: ({ messages }) => messages.flatMap((message, index) => message.role === 'assistant' && message.toolCalls.length > 1
    ? [{ rule: 'calls-per-turn', message: `${message.toolCalls.length} calls in one turn`, where: { message: index, call: message.toolCalls[1]?.id.slice(0, 80) } }]
    : [])
}

/** There are enough calls for a multi-step trajectory. Ours. */
export const callsTooFew: Rule = {
  name: 'calls-too-few',
  mode: 'drop',
  check: (_, { calls, minToolCalls }) => calls.length >= minToolCalls
    ? []
    : [{ rule: 'calls-too-few', message: `${calls.length} tool calls, at least ${minToolCalls} are wanted`, where: {} }]
}

function argumentRule ({ name, paper }: { readonly name: ArgumentFault['rule'], readonly paper: PaperCheck }, what: string): Rule {
  return {
    name,
    mode: 'drop',
    paper,
    check: (_, { calls }) => calls.flatMap(({ message, call, faults }) => faults.filter(fault => fault.rule === name).map(fault => ({
      rule: name,
      message: `${what} ${quote(fault.path)} of ${quote(call.name)}: ${fault.message}`,
      where: { message, call: call.id, tool: call.name, path: fault.path.slice(0, 200) }
    })))
  }
}
