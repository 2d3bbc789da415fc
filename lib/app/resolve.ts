import { GemlineError } from '../engine/errors.js'
import type { AskSettings } from '../model/ask.js'
import { findPrompt, type Prompt, type PromptSet } from '../prompt/index.js'
import { configSchema, type Config, type ModelConfig, type ModelStageConfig } from './config-schema.js'
import { MODEL_PRESETS, type ModelPreset } from './model-presets.js'
import { filterSettingsOf, redactSettingsOf } from './profile.js'
import { resultKeysOf } from './result-keys.js'

/** The stages that ask a model, with the role whose model they take and their prompt. */
export const MODEL_STAGES = {
  filter: { role: 'filter', prompt: 'filter/relevance' },
  extract: { role: 'teacher', prompt: 'extract/workflow' },
  generate: { role: 'teacher', prompt: 'generate/trajectory' },
  refine: { role: 'teacher', prompt: 'refine/refinement' },
  synthesize: { role: 'synthesizer', prompt: 'synthesize/zero-shot' },
  judge: { role: 'judge', prompt: 'judge/grounding' }
} as const

/** The prompt that training pairs are written with, and that a trained synthesizer is asked by. */
export const TRAINED_SYNTHESIZER = 'synthesize/short'

/** Name of a stage that asks a model. */
export type ModelStageName = keyof typeof MODEL_STAGES

/** The model stages of the two pipelines, in order. */
const PIPELINES: Readonly<Record<Config['pipeline'], readonly ModelStageName[]>> = {
  synthesizer: ['filter', 'synthesize', 'judge'],
  teacher: ['filter', 'extract', 'generate', 'refine', 'judge']
}

/** A stage with everything that decides its requests. */
export interface ResolvedStage {
  readonly name: ModelStageName
  /** Which of the config's models. */
  readonly role: string
  readonly model: ModelConfig
  readonly maxModelLength: number
  readonly prompt: Prompt
  readonly settings: AskSettings
  /** Requests in one exchange, where the server can. */
  readonly batch: number
}

/** A config with everything that presets and prompts add to it. */
export interface ResolvedConfig {
  readonly config: Config
  readonly stages: ReadonlyMap<ModelStageName, ResolvedStage>
  /** What decides the result; hashed into the plan. */
  readonly resultKeys: Readonly<Record<string, unknown>>
}

/** Completes a config from presets and prompts. Throws `config-invalid` or `prompt-invalid`, naming the key. */
export function resolveConfig (config: Config, prompts: PromptSet): ResolvedConfig {
  const stages = new Map<ModelStageName, ResolvedStage>()
  for (const name of PIPELINES[config.pipeline]) {
    if (isOn(config, name)) stages.set(name, resolveStage(config, name, prompts))
  }
  return { config, stages, resultKeys: keysOf(config, stages) }
}

function isOn (config: Config, name: ModelStageName): boolean {
  // The relevance prompt asks for steps on a computer or device and would drop most of WikiHow, which is all procedures.
  if (name === 'filter') return config.stages.filter.enabled ?? !(config.source.preset ?? '').startsWith('wikihow')
  return name === 'refine' || name === 'judge' ? config.stages[name].enabled : true
}

function resolveStage (config: Config, name: ModelStageName, prompts: PromptSet): ResolvedStage {
  const stage: ModelStageConfig = config.stages[name]
  const { role } = MODEL_STAGES[name]
  const modelName = stage.model ?? (Object.hasOwn(config.models, role) ? role : 'default')
  const model = Object.hasOwn(config.models, modelName) ? config.models[modelName] : undefined
  if (model === undefined) throw new GemlineError('config-invalid', `stages.${name}.model: there is no model ${stage.model ?? `${role} and no model default`}; models has ${Object.keys(config.models).join(', ') || 'none'}`)
  const preset = model.preset === undefined ? undefined : MODEL_PRESETS[model.preset]
  const maxModelLength = model.maxModelLength ?? preset?.maxModelLength
  if (maxModelLength === undefined) throw new GemlineError('config-invalid', `models.${modelName}.maxModelLength: say the context of ${model.name} in tokens, or name a preset`)
  const prompt = findPrompt(prompts, stage.prompt ?? promptOf(name, model))
  return { name, role: modelName, model, maxModelLength, prompt, settings: settingsOf(stage, prompt, preset), batch: stage.batch }
}

/** A trained synthesizer is asked as it was trained: one fixed instruction. Any other model needs all the rules. */
function promptOf (name: ModelStageName, { trained }: ModelConfig): string {
  return name === 'synthesize' && trained ? TRAINED_SYNTHESIZER : MODEL_STAGES[name].prompt
}

const SAMPLING = { temperature: 0.7, topP: 1, topK: 0, maxTokens: 4096 }

/** The config is stronger than the model's preset, that than what the prompt suggests. */
function settingsOf (stage: ModelStageConfig, prompt: Prompt, preset: ModelPreset | undefined): AskSettings {
  const thinking = stage.thinking ?? preset?.thinking ?? 'off'
  // A prompt that wants a decision (temperature 0) is stronger than what suits the model for writing.
  const recommended = prompt.sampling.temperature === 0 ? undefined : thinking === 'off' ? preset?.whenNot : preset?.whenThinking
  const { temperature, topP, topK, maxTokens } = { ...SAMPLING, ...defined(prompt.sampling), ...recommended, ...defined(stage) }
  return {
    thinking, temperature, topP, topK, maxTokens,
    minTokens: Math.min(maxTokens, stage.minTokens ?? Math.ceil(maxTokens / 4)),
    retryTemperature: stage.retryTemperature,
    stop: stage.stop.length > 0 ? stage.stop : prompt.stop,
    jsonSchema: stage.structured && prompt.response !== 'tags' ? prompt.response.json : undefined
  }
}

type Sampling = typeof SAMPLING

function defined (given: { readonly [name in keyof Sampling]?: number | undefined }): Partial<Sampling> {
  return Object.fromEntries((Object.keys(SAMPLING) as Array<keyof Sampling>).filter(name => given[name] !== undefined).map(name => [name, given[name]]))
}

/** The result keys of what this pipeline uses; prompts by their hash, stages with all their settings. */
function keysOf (config: Config, stages: ResolvedConfig['stages']): Record<string, unknown> {
  const { models, stages: allStages, ...rest } = config
  const keys = resultKeysOf(configSchema, rest)
  const rules = { validate: allStages.validate, ...(config.pipeline === 'teacher' ? { extract: pick(allStages.extract, ['workflows', 'maxWorkflows']) } : {}) }
  Object.assign(keys, resultKeysOf(configSchema, { stages: rules }))
  for (const [setting, value] of Object.entries(filterSettingsOf(config))) keys[`stages.filter.${setting}`] = value
  keys['stages.redact'] = redactSettingsOf(config)?.types ?? false
  if (stages.has('judge')) keys['stages.judge.mode'] = allStages.judge.mode
  for (const [name, { model, maxModelLength, prompt, settings, batch }] of stages) {
    keys[`stages.${name}.prompt`] = prompt.ref
    keys[`stages.${name}.model`] = { name: model.name, revision: model.revision, trained: model.trained, maxModelLength }
    for (const [setting, value] of Object.entries(settings)) if (value !== undefined) keys[`stages.${name}.${setting}`] = value
    keys[`stages.${name}.batch`] = batch
    keys[`stages.${name}.answerRetries`] = allStages[name].answerRetries
  }
  return keys
}

function pick<T extends object, K extends keyof T> (from: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(names.map(name => [name, from[name]])) as Pick<T, K>
}
