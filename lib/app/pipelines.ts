import { Pipeline, type StageOptions } from '../engine/pipeline.js'
import type { StageModel } from '../model/ask.js'
import type { RelevantDocument, TrajectoryCandidate } from '../schema/candidate.js'
import type { Document } from '../schema/document.js'
import { extract, filter, generate, judge, redact, refine, synthesize, validate } from '../../operators/index.js'
import type { Config } from './config-schema.js'
import { filterSettingsOf, redactSettingsOf } from './profile.js'
import type { ModelStageName } from './resolve.js'

/** The models of the stages that are on. */
export type StageModels = ReadonlyMap<ModelStageName, StageModel>

type TrajectoryPipeline = Pipeline<Document, TrajectoryCandidate>

/** The pipeline that the config names. */
export function createPipeline (config: Config, models: StageModels): TrajectoryPipeline {
  return config.pipeline === 'teacher' ? teacherPipeline(config, models) : synthesizerPipeline(config, models)
}

/** One call turns a text into tools and a trajectory (GEM section 3). */
export function synthesizerPipeline (config: Config, models: StageModels): TrajectoryPipeline {
  const { stages } = config
  const written = relevant(config, models)
    .through(synthesize(need(models, 'synthesize')), placeOf(stages.synthesize))
  return checked(written, config, models)
}

/** The four stages that make the data a synthesizer is trained on (GEM section 2). */
export function teacherPipeline (config: Config, models: StageModels): TrajectoryPipeline {
  const { stages } = config
  const generated = relevant(config, models)
    .through(extract(need(models, 'extract'), { workflows: stages.extract.workflows, maxWorkflows: stages.extract.maxWorkflows }), placeOf(stages.extract))
    .through(generate(need(models, 'generate')), placeOf(stages.generate))
  const { keepIntermediate } = config.sink
  const refined = models.has('refine')
    ? generated.through(refine(need(models, 'refine'), { keepDraft: keepIntermediate }), { ...placeOf(stages.refine), keepInput: keepIntermediate })
    : generated
  return checked(refined, config, models)
}

/** What both begin with: personal data goes, then what tells of no procedure. */
function relevant (config: Config, models: StageModels): Pipeline<Document, RelevantDocument> {
  const settings = redactSettingsOf(config)
  const read = settings === undefined ? Pipeline.of<Document>() : Pipeline.of<Document>().through(redact(settings))
  return read.through(filter({ stage: models.get('filter') }, filterSettingsOf(config)), placeOf(config.stages.filter))
}

/** The rules, and the judge where it is on. What they drop stays whole in the rejects, so that other rules can be tried on it. */
function checked (written: TrajectoryPipeline, { profile, stages, sink }: Config, models: StageModels): TrajectoryPipeline {
  const keep = { keepInput: sink.keepIntermediate }
  const validated = written.through(validate({ profile, ...stages.validate }), keep)
  if (!models.has('judge')) return validated
  return validated.through(judge(need(models, 'judge'), { mode: stages.judge.mode }), { ...placeOf(stages.judge), ...keep })
}

function placeOf ({ concurrency, answerRetries }: StageOptions): StageOptions {
  return { concurrency, answerRetries }
}

function need (models: StageModels, name: ModelStageName): StageModel {
  const model = models.get(name)
  if (model === undefined) throw new TypeError(`the stage ${name} has no model`)
  return model
}
