/** Parsers of model answers. All are pure, take hostile text, and reject with `answer-malformed` only. */
export { parseJson } from './parse/json.js'
export { parseRelevance, type Relevance } from './parse/relevance.js'
export { splitReasoning, type SplitText } from './parse/split-reasoning.js'
export { readTag, readTags } from './parse/tags.js'
export { parseTools } from './parse/tools.js'
export { parseTrajectory, type TrajectoryOptions } from './parse/trajectory.js'
export { parseVerdict, type RuleVerdict } from './parse/verdict.js'
export { parseWorkflows, type ParsedWorkflows } from './parse/workflows.js'
