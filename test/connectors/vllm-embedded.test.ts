import t from 'tap'
import { startEmbeddedServer, type EmbeddedServer } from '../../connectors/embedded-vllm/index.js'
import { createVllmTransport, type VllmOptions } from '../../connectors/vllm-model.js'
import type { ChatRequest, Result, SendOptions } from '../../lib/model/chat-model.js'
import { createTokenCounter } from '../../lib/model/tokens.js'

const SEND: SendOptions = { signal: new AbortController().signal, deadlineMs: 10_000, priority: 0, requestId: 'doc-stage-0-0' }
const requestOf = (content: string, parts: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'gemline-embedded', messages: [{ role: 'user', content }], thinking: 'off', temperature: 0, topP: 1, topK: 0, maxTokens: 50, seed: 1, stop: [], ...parts
})
const TEXTS = ['How do I change a tyre?', 'Open the door. Then close it.', 'Tell me of Rome.', 'Boil water, add tea, wait.']

async function withServer (options: Parameters<typeof startEmbeddedServer>[0], use: (server: EmbeddedServer, send: (requests: readonly ChatRequest[]) => Promise<readonly Result[]>) => Promise<void>, client: Partial<VllmOptions> = {}): Promise<void> {
  const server = await startEmbeddedServer(options)
  const transport = createVllmTransport({ url: server.url, ...client })
  try {
    await use(server, requests => transport.send(requests, SEND))
  } finally {
    await transport.close()
    await server.close()
  }
}
const codeOf = (result: Result | undefined): string | undefined => result?.kind === 'error' ? result.error.code : result?.answer.finishReason

t.test('the embedded server -> listed, well, and named rule-based', async t => {
  const server = await startEmbeddedServer()
  const transport = createVllmTransport({ url: `${server.url}/v1` })
  t.equal(await transport.healthy(SEND.signal), true)
  t.match(await transport.models(SEND.signal), [{ id: 'gemline-embedded', maxModelLength: 40_960, ownedBy: String }])
  const [result] = await transport.send([requestOf(TEXTS[0]!)], SEND)
  t.match(result, { kind: 'answer', answer: { author: 'rule-based', text: String } })
  await transport.close()
  await server.close()
})

t.test('several requests in one exchange -> the answers they have alone', async t => {
  await withServer({}, async (server, send) => {
    const requests = TEXTS.map((text, seed) => requestOf(text, { seed }))
    const alone = (await Promise.all(requests.map(request => send([request])))).flat()
    server.reset()
    const together = await send(requests)
    t.same(server.stats().received, { '/v1/chat/completions/batch': 1 })
    const parts = (result: Result) => result.kind === 'answer' && { ...result.answer, usage: undefined }
    t.same(together.map(parts), alone.map(parts))
    t.ok(together.every(result => result.kind === 'answer' && result.answer.usage.completionTokens > 0))
  }, { tokens: createTokenCounter('estimate') })
})

t.test('what the embedded server refuses -> the code of the table', async t => {
  await withServer({ apiKey: 'right', maxModelLength: 60 }, async (_, send) => {
    t.same((await send([requestOf('a')])).map(codeOf), ['server-unauthorized'])
  }, { apiKey: 'wrong' })
  await withServer({ apiKey: 'right', maxModelLength: 60 }, async (_, send) => {
    const long = 'word '.repeat(500)
    t.same((await send([requestOf(long, { maxTokens: 10 })])).map(codeOf), ['context-exceeded'])
    t.same((await send([requestOf('a', { maxTokens: 10 }), requestOf(long, { maxTokens: 10 }), requestOf('b', { maxTokens: 10 })])).map(codeOf).at(1), 'context-exceeded')
    t.same((await send([requestOf('a', { model: 'nope', maxTokens: 10 })])).map(codeOf), ['model-missing'])
  }, { apiKey: 'right' })
})

t.test('faults of the embedded server -> the code of the table', async t => {
  const faults = [
    ['reset', 'connection-lost'], ['cut', 'connection-lost'], ['abort', 'answer-aborted'],
    [{ status: 500, body: { error: { message: 'EngineCore encountered an issue.', type: 'InternalServerError', param: null, code: 500 } } }, 'server-failed'],
    [{ status: 503, body: { error: 'The model is currently scaling. Please try again later.' } }, 'server-busy']
  ] as const
  for (const [fault, code] of faults) {
    await withServer({ faults: () => fault }, async (_, send) => { t.same((await send([requestOf('a')])).map(codeOf), [code]) })
  }
})
