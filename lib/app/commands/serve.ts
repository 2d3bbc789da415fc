import { once } from 'node:events'
import { z } from 'zod'
import { startEmbeddedServer, type EmbeddedServer, type EmbeddedServerOptions } from '../../../connectors/embedded-vllm/index.js'
import { GemlineError } from '../../engine/errors.js'
import type { CommandSpec } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { say } from '../terminal/say.js'
import { flagInt, flagNumber, parseFlags } from './options.js'

const flags = z.object({
  host: z.string().min(1).default('127.0.0.1'),
  port: flagInt(0, 65_535).default(8000),
  model: z.array(z.string().min(1)).min(1).default(['gemline-embedded']),
  maxModelLen: flagInt(2, 10_000_000).default(40_960),
  ttftMs: flagNumber(0).optional(),
  itlMs: flagNumber(0).optional(),
  maxNumSeqs: flagInt(1, 1_000_000).optional(),
  apiKeyEnv: z.string().min(1).optional()
})

type Flags = z.output<typeof flags>

/** `gemline serve`: the embedded server, until SIGINT or SIGTERM. */
export const serveCommand: CommandSpec = {
  name: 'serve',
  summary: 'Starts the embedded server: vLLM\'s surface, answers by rules. It is no language model.',
  examples: ['gemline serve --port 8000', 'gemline serve --model teacher judge --ttft-ms 200 --itl-ms 15 --max-num-seqs 64'],
  options: [
    { flags: '--host <address>', description: 'Address to listen on.', default: '127.0.0.1' },
    { flags: '--port <n>', description: 'Port; 0 takes a free one.', default: 8000 },
    { flags: '--model <name...>', description: 'Names it serves; all are the same author.' },
    { flags: '--max-model-len <n>', description: 'Context in tokens, prompt and answer together.', default: 40_960 },
    { flags: '--ttft-ms <n>', description: 'Milliseconds to the first token; without any of these three, answers come at once.' },
    { flags: '--itl-ms <n>', description: 'Milliseconds from token to token.' },
    { flags: '--max-num-seqs <n>', description: 'Sequences at once; the others wait.' },
    { flags: '--api-key-env <name>', description: 'Environment variable with the key that clients must send.' }
  ],
  async run ({ options, io, signal }) {
    const parsed = parseFlags(flags, options)
    const server = await start(parsed)
    try {
      await say(io.stdout, greeting(server.url, parsed))
      if (!signal.aborted) await once(signal, 'abort')
      await say(io.stdout, farewell(server))
    } finally {
      await server.close()
    }
    return EXIT.ok
  }
}

async function start ({ host, port, model, maxModelLen, apiKeyEnv, ...pace }: Flags): Promise<EmbeddedServer> {
  try {
    return await startEmbeddedServer({ host, port, models: model, maxModelLength: maxModelLen, apiKey: readKey(apiKeyEnv), clock: clockOf(pace) })
  } catch (error) {
    if (error instanceof GemlineError) throw error
    throw new GemlineError('config-invalid', `cannot listen on ${host}:${port}: ${(error as Error).message}`, { cause: error })
  }
}

function readKey (name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  const key = process.env[name]
  if (key === undefined || key === '') throw new GemlineError('config-invalid', `--api-key-env ${name}: the environment variable is not set`)
  return key
}

/** A pace of which only a part is said is nothing where it is not said: `--itl-ms 10` alone waits for no first token. */
function clockOf ({ ttftMs, itlMs, maxNumSeqs }: Pick<Flags, 'ttftMs' | 'itlMs' | 'maxNumSeqs'>): EmbeddedServerOptions['clock'] {
  if (ttftMs === undefined && itlMs === undefined && maxNumSeqs === undefined) return 'none'
  return { ttftMs: ttftMs ?? 0, itlMs: itlMs ?? 0, maxNumSeqs }
}

function greeting (url: string, { model, apiKeyEnv }: Flags): string {
  const header = apiKeyEnv === undefined ? '' : ` -H "Authorization: Bearer $${apiKeyEnv}"`
  const body = JSON.stringify({ model: model[0], messages: [{ role: 'user', content: 'Who are you?' }] })
  return [
    `gemline's embedded server listens on ${url} and serves ${model.join(', ')}`,
    'Its answers are written by rules, deterministic and from the given text. It is no language model.',
    '',
    `  curl ${url}/v1/chat/completions -H 'Content-Type: application/json'${header} -d '${body.replaceAll("'", "'\\''")}'`,
    '',
    'Ctrl-C ends it.'
  ].join('\n')
}

function farewell (server: EmbeddedServer): string {
  const { received, completed, aborted, refused, promptTokens, outputTokens, peakRunning } = server.stats()
  const requests = Object.values(received).reduce((sum, count) => sum + count, 0)
  return `${requests} requests, ${completed} answers, ${aborted} broken off, ${refused} refused; ${promptTokens} tokens in, ${outputTokens} out; at most ${peakRunning} at once`
}
