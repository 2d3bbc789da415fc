import { startEmbeddedServer } from '../connectors/embedded-vllm/index.js'
import { createVllmTransport } from '../connectors/vllm-model.js'
import { silent } from '../lib/engine/operator.js'
import type { StageModel } from '../lib/model/ask.js'
import { createModelChain } from '../lib/model/chain.js'
import { createTokenCounter } from '../lib/model/tokens.js'
import { findPrompt, loadPrompts } from '../lib/prompt/index.js'

const MODEL = 'gemline-embedded'
const MAX_MODEL_LENGTH = 40_960

/** A model for the `synthesize` operator; `close` lets its server and connections go. */
export interface Synthesizer {
  readonly stage: StageModel
  close (): Promise<void>
}

/**
 * What the examples ask: the embedded server, which needs no GPU and whose answers are written by rules. With a vLLM server
 * of your own, give its URL and the name of its model instead.
 */
export async function openSynthesizer (): Promise<Synthesizer> {
  const server = await startEmbeddedServer({ models: [MODEL], maxModelLength: MAX_MODEL_LENGTH })
  const model = createModelChain({ name: MODEL, transports: [createVllmTransport({ url: server.url })], log: silent })
  const prompt = findPrompt(await loadPrompts(), 'synthesize/zero-shot')
  return {
    stage: {
      model, prompt, tokens: createTokenCounter('estimate'), maxModelLength: MAX_MODEL_LENGTH,
      settings: { thinking: 'off', temperature: 1, topP: 0.95, topK: 0, maxTokens: 16_384, minTokens: 512, retryTemperature: 0.7, stop: [] }
    },
    async close () {
      await model.close()
      await server.close()
    }
  }
}
