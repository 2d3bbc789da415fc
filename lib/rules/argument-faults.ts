import type { ErrorObject } from 'ajv'
import type { ArgumentFault } from './rule.js'

type FaultRule = ArgumentFault['rule']

/** Keywords of ajv that mean something else than a wrong type or value. */
const RULE_OF_KEYWORD: Readonly<Record<string, FaultRule>> = {
  required: 'argument-required',
  dependencies: 'argument-required',
  minProperties: 'argument-required',
  additionalProperties: 'argument-name',
  propertyNames: 'argument-name'
}

/** Keywords with schemas below them whose errors only explain the keyword's own. */
const SUMMARISING = new Set(['contains', 'propertyNames', 'not'])

const MAX_FAULTS = 50

/**
 * Says which rule each error of ajv breaks. Of `anyOf` and `oneOf` the branch that came nearest counts, so that a missing
 * argument stays a missing argument when it is missing in a branch.
 */
export function faultsOfErrors (errors: readonly ErrorObject[]): ArgumentFault[] {
  const bounded = errors.slice(0, 2_000)
  const choices = outermost(bounded.filter(isChoice))
  const summaries = bounded.filter(error => SUMMARISING.has(error.keyword))
  const below = [...choices, ...summaries]
  const plain = bounded.filter(error => !isChoice(error) && error.keyword !== 'if' && !below.some(parent => isBelow(error, parent)))
  return [...plain.map(toFault), ...choices.map(choice => faultOfChoice(choice, bounded))].slice(0, MAX_FAULTS)
}

function isChoice ({ keyword }: ErrorObject): boolean {
  return keyword === 'anyOf' || keyword === 'oneOf'
}

function outermost (choices: readonly ErrorObject[]): ErrorObject[] {
  return choices.filter(choice => !choices.some(other => other !== choice && isBelow(choice, other)))
}

function isBelow (error: ErrorObject, parent: ErrorObject): boolean {
  return error !== parent && error.schemaPath.startsWith(`${parent.schemaPath}/`) && error.instancePath.startsWith(parent.instancePath)
}

function faultOfChoice (choice: ErrorObject, errors: readonly ErrorObject[]): ArgumentFault {
  const branches = new Map<string, ErrorObject[]>()
  for (const error of errors) {
    if (!isBelow(error, choice)) continue
    const branch = error.schemaPath.slice(choice.schemaPath.length + 1).split('/', 1)[0] ?? ''
    branches.set(branch, [...branches.get(branch) ?? [], error])
  }
  const faults = [...branches.values()].map(branch => faultsOfErrors(branch))
  const nearest = faults.reduce((best, next) => weight(next) < weight(best) ? next : best, faults[0] ?? [])
  const [first] = nearest
  if (first === undefined || nearest.some(fault => fault.rule !== first.rule)) return toFault(choice)
  return first
}

/** A branch for another type is farther off than any that lacks an argument. */
function weight (faults: readonly ArgumentFault[]): number {
  return faults.reduce((sum, fault) => sum + (fault.rule === 'argument-type' ? 10 : 1), 0)
}

function toFault (error: ErrorObject): ArgumentFault {
  const name = nameIn(error)
  const rule = RULE_OF_KEYWORD[error.keyword] ?? 'argument-type'
  return {
    rule,
    path: name === undefined ? error.instancePath : `${error.instancePath}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    message: messageOf(error).slice(0, 200)
  }
}

function nameIn ({ params }: ErrorObject): string | undefined {
  const name: unknown = params.missingProperty ?? params.additionalProperty
  return typeof name === 'string' ? name : undefined
}

function messageOf (error: ErrorObject): string {
  if (error.keyword === 'enum') return `must be one of ${JSON.stringify(error.params.allowedValues)}`
  return error.message ?? error.keyword
}
