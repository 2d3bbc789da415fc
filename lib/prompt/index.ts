export { findPrompt, loadPrompts, type PromptSet } from './load-prompts.js'
export { parsePrompt, renderPrompt, type Prompt, type PromptMessage } from './prompt.js'
export type { FrontMatter } from './front-matter.js'
export type { PromptRole, RoleTemplate, Segment } from './split-roles.js'
