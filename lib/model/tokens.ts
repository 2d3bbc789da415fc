import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { GemlineError, toGemlineError } from '../engine/errors.js'
import { QWEN3_TOKENS } from '../schema/template-tokens.js'
import type { TokenCounter } from './chat-model.js'
import { estimateTokens } from './tokens-estimate.js'

const unzip = promisify(gunzip)

/** Splits text before the byte pairs are merged; Qwen3's `tokenizer.json`, where each digit is a piece of its own. */
const QWEN3_PATTERN = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"

/** The vocabulary that comes with the package; beside this file in the sources and in the build alike. */
const QWEN_RANKS = fileURLToPath(new URL('vocabulary/qwen.tiktoken.gz', import.meta.url))

/**
 * `estimate`: a counter without a vocabulary; high rather than low, see `estimateTokens`. `qwen3`: exact for every model of
 * the Qwen2, Qwen2.5 and Qwen3 families, as their server counts: a token of the template in the text is one token.
 */
export function createTokenCounter (kind: 'estimate'): TokenCounter
export function createTokenCounter (kind: 'qwen3'): Promise<TokenCounter>
export function createTokenCounter (kind: 'estimate' | 'qwen3'): TokenCounter | Promise<TokenCounter> {
  if (kind === 'estimate') return { kind, count: estimateTokens }
  qwen3 ??= createExactCounter(QWEN_RANKS, { addedTokens: QWEN3_TOKENS })
  return qwen3
}

/** It takes most of a second and 100 MB to make, and holds no state. */
let qwen3: Promise<TokenCounter> | undefined

/** How a vocabulary is used. `addedTokens` are one token each wherever they stand; without any, all of a text is plain. */
export interface ExactCounterOptions { readonly pattern?: string, readonly addedTokens?: readonly string[] }

/**
 * Counts with a model's own ranks: lines of base64 token and rank, as tiktoken has them, gzipped or not. What lies between
 * added tokens is NFC first. The vocabulary stays in memory, about 100 MB.
 * Rejects with `config-invalid` for a file that is no such list.
 */
export async function createExactCounter (ranksFile: string, { pattern = QWEN3_PATTERN, addedTokens = [] }: ExactCounterOptions = {}): Promise<TokenCounter> {
  const ranks = await readRanks(ranksFile)
  const { Tiktoken } = await import('tiktoken')
  const encoder = new Tiktoken(ranks, {}, pattern)
  const countPlain = (text: string): number => text === '' ? 0 : encoder.encode_ordinary(text.normalize('NFC')).length
  if (addedTokens.length === 0) return { kind: 'exact', count: countPlain }
  const added = new RegExp(addedTokens.map(token => token.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'))
  return {
    kind: 'exact',
    count (text) {
      const pieces = text.split(added)
      return pieces.reduce((sum, piece) => sum + countPlain(piece), pieces.length - 1)
    }
  }
}

/** Tiktoken's constructor wants `! <first rank> <token> <token> …` where its files have a line a token. */
async function readRanks (file: string): Promise<string> {
  try {
    const bytes = await readFile(file)
    const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? await unzip(bytes) : bytes).toString()
    const tokens: string[] = []
    for (const line of text.split('\n')) {
      if (line.trim() === '') continue
      const [token, rank] = line.trim().split(' ')
      if (token === undefined || Number(rank) !== tokens.length) throw new Error(`line ${tokens.length + 1} is not a token with rank ${tokens.length}`)
      tokens.push(token)
    }
    if (tokens.length === 0) throw new Error('it holds no token')
    return `! 0 ${tokens.join(' ')}`
  } catch (error) {
    const { message } = toGemlineError(error, 'config-invalid', `ranks file ${file}`)
    throw new GemlineError('config-invalid', message, { cause: error })
  }
}
