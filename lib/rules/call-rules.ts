import { quote, type ArgumentFault, type Rule } from './rule.js'

/** Every call names a tool of its own trajectory (paper, rule 2). */
export const callToolKnown: Rule = {
  name: 'call-tool-known',
  mode: 'drop',
  check: (_, { calls }) => calls.filter(site => site.tool === undefined).map(({ message, call }) => ({
    rule: 'call-tool-known',
    message: `no tool is named ${quote(call.name)}`,
    where: { message, call: call.id, tool: call.name.slice(0, 80) }
  }))
}

/** Every argument is declared, nested ones too (paper, rule 3). */
export const argumentName = argumentRule('argument-name', 'undeclared argument')

/** Every required argument is given. */
export const argumentRequired = argumentRule('argument-required', 'missing argument')

/** Every argument has the type, and is one of the values, that its definition allows (paper, rule 4). */
export const argumentType = argumentRule('argument-type', 'argument')

/** There are enough calls for a multi-step trajectory. */
export const callsTooFew: Rule = {
  name: 'calls-too-few',
  mode: 'drop',
  check: (_, { calls, minToolCalls }) => calls.length >= minToolCalls
    ? []
    : [{ rule: 'calls-too-few', message: `${calls.length} tool calls, at least ${minToolCalls} are wanted`, where: {} }]
}

function argumentRule (name: ArgumentFault['rule'], what: string): Rule {
  return {
    name,
    mode: 'drop',
    check: (_, { calls }) => calls.flatMap(({ message, call, faults }) => faults.filter(fault => fault.rule === name).map(fault => ({
      rule: name,
      message: `${what} ${quote(fault.path)} of ${quote(call.name)}: ${fault.message}`,
      where: { message, call: call.id, tool: call.name, path: fault.path.slice(0, 200) }
    })))
  }
}
