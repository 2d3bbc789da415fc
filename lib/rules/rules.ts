import { observationArithmetic } from './arithmetic/observation-arithmetic.js'
import { argumentName, argumentRequired, argumentType, callsPerTurn, callsTooFew, callToolKnown } from './call-rules.js'
import { grounding } from './grounding-rule.js'
import { language } from './language.js'
import { metaLeak, metaMention } from './meta-rules.js'
import { observationStructure, observationUnstructured } from './observation-rules.js'
import { placeholder } from './placeholder.js'
import { repeatedCall } from './repeated-call.js'
import { responseShapeDrift } from './response-shape-drift.js'
import type { Rule } from './rule.js'
import { sourceNumbers } from './source-numbers.js'
import { tagsUnclosed } from './tags-unclosed.js'
import { textUngrounded } from './text-ungrounded.js'
import { patternIgnored, toolDefinition, toolNameUnique } from './tool-rules.js'
import { callObservation, turnEmpty, turnOrder } from './turn-rules.js'
import { writeUnbacked } from './write-unbacked.js'

/**
 * All rules, in the order in which they give the reason of a drop: the paper's before ours, structure before meaning, and
 * last those that are only reported.
 */
export const RULES: readonly Rule[] = [
  toolDefinition, toolNameUnique, tagsUnclosed, turnEmpty, turnOrder, callObservation, callToolKnown,
  argumentName, argumentRequired, argumentType, observationStructure,
  callsPerTurn, callsTooFew, observationUnstructured, metaLeak, placeholder, language, repeatedCall, grounding,
  metaMention, sourceNumbers, responseShapeDrift, observationArithmetic, textUngrounded, writeUnbacked, patternIgnored
]
