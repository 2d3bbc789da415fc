import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { GemlineError, toGemlineError } from '../engine/errors.js'
import type { TokenCounter } from './chat-model.js'
import { estimateTokens } from './tokens-estimate.js'

const unzip = promisify(gunzip)

/** Splits text before the byte pairs are merged; Qwen3's `tokenizer.json`, where each digit is a piece of its own. */
const QWEN3_PATTERN = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"

/** A counter without a vocabulary; high rather than low, see `estimateTokens`. */
export function createTokenCounter (kind: 'estimate'): TokenCounter {
  return { kind, count: estimateTokens }
}

/**
 * Counts with a model's own ranks: lines of base64 token and rank, as tiktoken has them, gzipped or not. The text is
 * NFC first; special tokens in it are text like any other. The vocabulary stays in memory, about 100 MB.
 * Rejects with `config-invalid` for a file that is no such list.
 */
export async function createExactCounter (ranksFile: string, pattern: string = QWEN3_PATTERN): Promise<TokenCounter> {
  const ranks = await readRanks(ranksFile)
  const { Tiktoken } = await import('tiktoken')
  const encoder = new Tiktoken(ranks, {}, pattern)
  return { kind: 'exact', count: text => encoder.encode_ordinary(text.normalize('NFC')).length }
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
