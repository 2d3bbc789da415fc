import { hash } from 'node:crypto'
import type { ChatRequest } from './chat-model.js'

/**
 * Name of a request in the journal: sha256, hex, of the canonical JSON of everything the model sees and the revision of
 * its weights. Equal for equal requests whoever asks, from which document, with which priority.
 */
export function requestKeyOf (request: ChatRequest): string {
  const { jsonSchema, maxTokens, messages, model, revision, seed, stop, temperature, thinking, topK, topP } = request
  // Keys stand in alphabetical order, so the text is canonical as it is. The schema goes in as text: the order of its
  // properties is the order in which a grammar makes the model write them.
  const seen = {
    jsonSchema: jsonSchema === undefined ? undefined : JSON.stringify(jsonSchema),
    maxTokens,
    messages: messages.map(({ content, role }) => ({ content, role })),
    model,
    revision,
    seed,
    stop,
    temperature,
    thinking,
    topK,
    topP
  }
  return hash('sha256', JSON.stringify(seen))
}
