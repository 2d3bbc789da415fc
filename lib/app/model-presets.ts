import type { Thinking } from '../model/chat-model.js'

/** What is known of a model: context in tokens, and the sampling its makers recommend, with and without reasoning. */
export interface ModelPreset {
  readonly maxModelLength: number
  readonly thinking: Thinking
  readonly whenThinking: Sampling
  readonly whenNot: Sampling
}

interface Sampling { readonly temperature: number, readonly topP: number, readonly topK: number }

const QWEN3 = {
  maxModelLength: 40_960,
  whenThinking: { temperature: 0.6, topP: 0.95, topK: 20 },
  whenNot: { temperature: 0.7, topP: 0.8, topK: 20 }
} as const

/**
 * The models of the paper's set-up, and the rule-based author. Sampling after the model cards of Qwen3 (thinking 0.6 / 0.95 / 20,
 * otherwise 0.7 / 0.8 / 20) and GLM-4.6 (1.0 / 0.95 / 40). Reasoning is off unless the config says otherwise: what a
 * trajectory needs is written in it, and reasoning is paid for by the token.
 */
export const MODEL_PRESETS: Readonly<Record<'glm-4.6' | 'qwen3-32b' | 'qwen3-8b' | 'embedded', ModelPreset>> = {
  'glm-4.6': {
    maxModelLength: 202_752,
    thinking: 'off',
    whenThinking: { temperature: 1, topP: 0.95, topK: 40 },
    whenNot: { temperature: 1, topP: 0.95, topK: 40 }
  },
  'qwen3-32b': { ...QWEN3, thinking: 'off' },
  'qwen3-8b': { ...QWEN3, thinking: 'off' },
  embedded: {
    maxModelLength: 40_960,
    thinking: 'off',
    whenThinking: { temperature: 1, topP: 1, topK: 0 },
    whenNot: { temperature: 1, topP: 1, topK: 0 }
  }
}
