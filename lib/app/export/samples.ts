import { GemlineError } from '../../engine/errors.js'
import { renderToolsets, renderTrajectory } from '../../model/render-trajectory.js'
import type { Prompt } from '../../prompt/index.js'
import type { Trajectory } from '../../schema/trajectory.js'
import type { OpenedRow } from '../open-row.js'

/** Who is trained: an agent that calls tools, or the synthesizer that writes trajectories. */
export const TRAINEES = ['agent', 'synthesizer'] as const

/** One of `TRAINEES`. */
export type Trainee = typeof TRAINEES[number]

/** Makes the dialogue that is trained on of a row. `place` names the row in errors. */
export type Sampler = (row: OpenedRow, place: string) => Trajectory

/** The trajectory as it is: the model learns what the assistant says and calls. GEM section 4. */
export const sampleAgent: Sampler = ({ trajectory }) => trajectory

/**
 * The pair that the synthesizer learns: the prompt as `synthesize` asks it, byte for byte, and tools and trajectory in the
 * wire format, as `parseTrajectory` reads them. Rejects with `config-invalid` a row without its source text. GEM section 3.
 */
export function createSynthesizerSampler (prompt: Prompt): Sampler {
  return ({ record, trajectory }, place) => {
    if (record?.text === undefined) {
      throw new GemlineError('config-invalid', `${place}: there is no source text, which the synthesizer is trained on; ${record === undefined ? 'only records of gemline have one' : 'it was left out with sink.keepText: false'}`)
    }
    return {
      tools: [],
      messages: [
        ...prompt.render({ text: record.text }),
        { role: 'assistant', content: renderToolsets(trajectory.tools) + renderTrajectory(trajectory), toolCalls: [] }
      ]
    }
  }
}
