import { quote, type Rule } from './rule.js'

/** A tool is well defined: usable name, a description, parameters that are a JSON Schema of type object (paper, rule 1). */
export const toolDefinition: Rule = {
  name: 'tool-definition',
  mode: 'drop',
  paper: 1,
  check: (_, { tools }) => tools.flatMap(({ definition, fault }) => fault === undefined
    ? []
    : [{ rule: 'tool-definition', message: `tool ${quote(definition.name)}: ${fault}`, where: { tool: definition.name.slice(0, 80) } }])
}

/** No two tools have one name. */
export const toolNameUnique: Rule = {
  name: 'tool-name-unique',
  mode: 'drop',
  paper: 1,
  check: ({ tools }) => {
    const once = new Set<string>()
    const twice = new Set<string>()
    for (const { name } of tools) (once.has(name) ? twice : once).add(name)
    return [...twice].map(name => ({ rule: 'tool-name-unique', message: `several tools are named ${quote(name)}`, where: { tool: name.slice(0, 80) } }))
  }
}

/** Every pattern in a definition can be enforced in linear time; others are not enforced. Reported only. */
export const patternIgnored: Rule = {
  name: 'pattern-ignored',
  mode: 'report',
  check: (_, { tools }) => tools.flatMap(({ definition, ignoredPatterns }) => ignoredPatterns.map(pattern => (
    { rule: 'pattern-ignored', message: `pattern ${quote(pattern)} is not enforced`, where: { tool: definition.name } })))
}
