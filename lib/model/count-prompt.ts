import type { ChatRequest, TokenCounter } from './chat-model.js'

/** Template and role of a message. */
const TOKENS_PER_MESSAGE = 8

/** Tokens of a prompt, rather too many than too few: its contents, and a share of the chat template for each message. */
export function countPrompt (tokens: TokenCounter, messages: ChatRequest['messages']): number {
  return messages.reduce((sum, { content }) => sum + tokens.count(content) + TOKENS_PER_MESSAGE, 0)
}
