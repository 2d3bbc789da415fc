import type { FormatName, TrainingFormat } from './format.js'
import { hermesFormat } from './hermes.js'
import { msSwiftFormat } from './ms-swift.js'
import { openAiFormat } from './openai.js'
import { sharegptFormat } from './sharegpt.js'
import { trlFormat } from './trl.js'
import { verlFormat } from './verl.js'

/** All forms of training data, by name. */
export const FORMATS: Readonly<Record<FormatName, TrainingFormat>> = {
  openai: openAiFormat, sharegpt: sharegptFormat, hermes: hermesFormat, 'ms-swift': msSwiftFormat, trl: trlFormat, verl: verlFormat
}

export { FORMAT_NAMES, type FormatColumn, type FormatName, type Row, type TrainingFormat } from './format.js'
export { findObstacle, OBSTACLES, type Obstacle } from './obstacle.js'
export { renderQwen3, type RenderedDialogue } from './qwen3-template.js'
export { FOREIGN_COLUMNS, FOREIGN_SHAPES, readForeign, type ForeignRow, type ForeignShape } from './read-foreign.js'
