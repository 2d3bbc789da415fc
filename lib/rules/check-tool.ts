import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { isObject } from '../schema/json-value.js'
import type { JsonSchema, ToolDefinition } from '../schema/tool-definition.js'
import { ARGUMENT_BOUNDS, isWithin } from './bounds.js'
import { faultsOfErrors } from './argument-faults.js'
import { FORMATS } from './formats.js'
import { inlineSchema } from './inline-schema.js'
import { createPatternEngine, type PatternEngine } from './linear-pattern.js'
import type { ArgumentFault, CheckedTool } from './rule.js'
import { undeclaredNames } from './undeclared-names.js'

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/

/** Knows the meta-schema alone; never told of a model's schema beyond checking it, so nothing in it grows. */
const META = new Ajv({ strict: false, validateFormats: false, logger: false })

const TOO_LARGE: readonly ArgumentFault[] = [{ rule: 'argument-type', path: '', message: 'the arguments are too large or too deep' }]
const NO_FAULTS: readonly ArgumentFault[] = []

/**
 * Looks at one tool definition and compiles its parameters. The compiled check keeps nothing: it is gone with the
 * trajectory. Costs one ajv compilation, some milliseconds at most, whatever a model wrote.
 */
export function checkTool (definition: ToolDefinition): CheckedTool {
  const fault = faultOfShape(definition)
  if (fault !== undefined) return faultyTool(definition, fault)
  const inlined = inlineSchema(definition.parameters)
  if (inlined.fault !== undefined) return faultyTool(definition, inlined.fault)
  const { schema } = inlined
  const undeclared = undeclaredRequired(schema)
  if (undeclared !== undefined) return faultyTool(definition, `it requires "${undeclared}", which its properties do not declare`)
  const engine = createPatternEngine()
  const validate = compileSchema(schema, engine)
  if (typeof validate === 'string') return faultyTool(definition, `its parameters are no JSON Schema: ${validate}`)
  return { definition, schema, ignoredPatterns: engine.ignored, faultsOf: args => faultsOf(args, { schema, validate, engine }) }
}

/** A definition that cannot be used, for the given reason. */
export function faultyTool (definition: ToolDefinition, fault: string): CheckedTool {
  return { definition, fault, ignoredPatterns: [], faultsOf: () => NO_FAULTS }
}

function faultOfShape ({ name, description, parameters }: ToolDefinition): string | undefined {
  if (!NAME.test(name)) return 'its name is not letters, digits, _, . and - (at most 64)'
  if (description.trim() === '') return 'it has no description'
  if (parameters.type !== 'object') return 'its parameters are not of type object'
  if (!isObject(parameters.properties)) return 'its parameters have no properties'
  return undefined
}

/** A required name that nothing declares: such a call is wrong with and without it. */
function undeclaredRequired (schema: JsonSchema): string | undefined {
  const { required, properties } = schema
  if (!Array.isArray(required) || !isObject(properties)) return undefined
  const args = Object.fromEntries(required.filter(name => typeof name === 'string').map(name => [name, null]))
  return undeclaredNames(args, schema, () => true)[0]?.slice(1)
}

function compileSchema (schema: JsonSchema, engine: PatternEngine): ValidateFunction | string {
  try {
    if (META.validateSchema(schema) !== true) return META.errorsText(META.errors, { dataVar: 'parameters' }).slice(0, 200)
    return createAjv(engine).compile(schema)
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message.slice(0, 200) : 'it cannot be compiled'
  }
}

function createAjv (engine: PatternEngine): Ajv {
  const regExp = Object.assign((pattern: string) => engine.compile(pattern), { code: 'linear' })
  const ajv = new Ajv({
    strict: false,
    logger: false,
    meta: false,
    validateSchema: false,
    allErrors: true,
    ownProperties: true,
    unicode: false,
    addUsedSchema: false,
    formats: FORMATS,
    code: { regExp }
  })
  // ajv compares every pair of items; this is linear and as good for what models write.
  ajv.removeKeyword('uniqueItems')
  ajv.addKeyword({ keyword: 'uniqueItems', type: 'array', schemaType: 'boolean', validate: isUnique })
  return ajv
}

function isUnique (wanted: boolean, items: readonly unknown[]): boolean {
  return !wanted || new Set(items.map(item => JSON.stringify(item))).size === items.length
}

interface Checks { readonly schema: JsonSchema, readonly validate: ValidateFunction, readonly engine: PatternEngine }

function faultsOf (args: unknown, { schema, validate, engine }: Checks): readonly ArgumentFault[] {
  if (!isWithin(args, ARGUMENT_BOUNDS)) return TOO_LARGE
  const matches = (pattern: string, name: string): boolean => engine.compile(pattern).test(name)
  const names = undeclaredNames(args, schema, matches)
    .map(path => ({ rule: 'argument-name', path, message: 'the definition has no such argument' }) as const)
  if (validate(args) === true) return names
  const faults = faultsOfErrors(validate.errors as ErrorObject[])
  return [...names, ...faults.filter(fault => fault.rule !== 'argument-name' || !names.some(({ path }) => path === fault.path))]
}
