import { inspect } from 'node:util'
import t from 'tap'
import { createVllmTransport, type VllmOptions } from '../../connectors/vllm-model.js'
import type { VllmExchange } from '../../connectors/vllm-line.js'
import type { ChatRequest, Result, SendOptions } from '../../lib/model/chat-model.js'
import { startMisbehavingServer, type Behaviour, type MisbehavingServer, type SeenRequest } from '../support/misbehaving-server.js'

const CANARY = 'sk-canary-8f2e77'

const REQUEST: ChatRequest = {
  model: 'm', messages: [{ role: 'system', content: 'be brief' }, { role: 'user', content: 'hello' }],
  thinking: 'off', temperature: 0.7, topP: 0.9, topK: 20, maxTokens: 100, seed: 5, stop: []
}

const SEND: SendOptions = { signal: new AbortController().signal, deadlineMs: 5000, priority: -2, requestId: 'doc-filter-0-0' }

interface Setup { readonly server: MisbehavingServer, send (requests: readonly ChatRequest[], options?: Partial<SendOptions>): Promise<readonly Result[]> }

async function withServer<T> (behave: (request: SeenRequest) => Behaviour, use: (setup: Setup) => Promise<T>, options: Partial<VllmOptions> = {}): Promise<T> {
  const server = await startMisbehavingServer(behave)
  const transport = createVllmTransport({ url: server.url, apiKey: CANARY, ...options })
  try {
    return await use({ server, send: (requests, parts = {}) => transport.send(requests, { ...SEND, ...parts }) })
  } finally {
    await transport.close()
    await server.close()
  }
}

const outcomeOf = (result: Result | undefined): unknown => result?.kind === 'answer' ? result.answer : result?.error.code

interface Fault { readonly fault: string, readonly behaviour: Behaviour, readonly outcome: unknown, readonly options?: Partial<VllmOptions>, readonly send?: Partial<SendOptions>, readonly detail?: object }

const json = (body: object): string => JSON.stringify(body)
const status = (code: number, body = '', headers = {}): Behaviour => ({ kind: 'status', status: code, body, headers })
// eslint-disable-next-line max-params
const refused = (code: number, type: string, message: string, param: string | null = null): Behaviour => status(code, json({ error: { message, type, param, code } }))
const usage = { promptTokens: 7, completionTokens: 3 }
const fine = { text: 'fine', finishReason: 'stop', usage, author: 'model' }

const FAULTS: readonly Fault[] = [
  { fault: 'right answer', behaviour: { kind: 'answer' }, outcome: fine },
  { fault: 'slow answer within the deadline', behaviour: { kind: 'answer', delayMs: 50 }, outcome: fine },
  { fault: 'connection cut before a byte', behaviour: { kind: 'cut', where: 'start' }, outcome: 'connection-lost', detail: { beforeBytes: true } },
  { fault: 'connection cut after the headers', behaviour: { kind: 'cut', where: 'headers' }, outcome: 'connection-lost', detail: { beforeBytes: false } },
  { fault: 'connection cut inside the body', behaviour: { kind: 'cut', where: 'body' }, outcome: 'connection-lost', detail: { beforeBytes: false } },
  { fault: 'no answer', behaviour: { kind: 'stall' }, send: { deadlineMs: 40 }, outcome: 'deadline-exceeded', detail: { deadlineMs: 40 } },
  { fault: 'answer larger than allowed', behaviour: { kind: 'huge', bytes: 100_000 }, options: { maxResponseBytes: 10_000 }, outcome: 'response-invalid', detail: { maxBytes: 10_000 } },
  { fault: 'JSON that ends in the middle', behaviour: { kind: 'half-json' }, outcome: 'response-invalid' },
  { fault: 'a page with status 200', behaviour: status(200, '<html><body>Welcome</body></html>'), outcome: 'response-invalid' },
  { fault: 'an empty body with status 200', behaviour: status(200), outcome: 'response-invalid' },
  { fault: 'JSON that is no object', behaviour: status(200, '[1]'), outcome: 'response-invalid' },
  { fault: 'no choices', behaviour: { kind: 'answer', top: { choices: [] } }, outcome: 'response-invalid' },
  { fault: 'choices that are no objects', behaviour: { kind: 'answer', top: { choices: [null] } }, outcome: 'response-invalid' },
  { fault: 'a choice of another index only', behaviour: { kind: 'answer', choice: { index: 3 } }, outcome: 'response-invalid' },
  { fault: 'a choice without message', behaviour: { kind: 'answer', choice: { message: undefined } }, outcome: 'response-invalid' },
  { fault: 'content that is a list', behaviour: { kind: 'answer', message: { content: [] } }, outcome: 'response-invalid' },
  { fault: 'error body with status 200', behaviour: { kind: 'status', status: 200, body: json({ error: { message: 'engine', code: 500 } }) }, outcome: 'server-failed', detail: { status: 500 } },
  { fault: 'finish abort', behaviour: { kind: 'answer', choice: { finish_reason: 'abort' } }, outcome: 'answer-aborted' },
  { fault: 'finish null', behaviour: { kind: 'answer', choice: { finish_reason: null } }, outcome: 'response-invalid' },
  { fault: 'finish unknown', behaviour: { kind: 'answer', choice: { finish_reason: 'tool_calls' } }, outcome: 'response-invalid' },
  { fault: 'finish content_filter', behaviour: { kind: 'answer', choice: { finish_reason: 'content_filter' } }, outcome: 'request-refused' },
  { fault: 'finish length', behaviour: { kind: 'answer', choice: { finish_reason: 'length' } }, outcome: { ...fine, finishReason: 'length' } },
  { fault: 'finish repetition', behaviour: { kind: 'answer', choice: { finish_reason: 'repetition' } }, outcome: { ...fine, finishReason: 'repetition' } },
  { fault: 'nothing but reasoning', behaviour: { kind: 'answer', message: { content: null, reasoning: 'hm' }, choice: { finish_reason: 'length' } }, outcome: { ...fine, text: '', reasoning: 'hm', finishReason: 'length' } },
  { fault: 'reasoning apart', behaviour: { kind: 'answer', message: { reasoning: 'hm' } }, outcome: { ...fine, reasoning: 'hm' } },
  { fault: 'reasoning under its old name', behaviour: { kind: 'answer', message: { reasoning: undefined, reasoning_content: 'hm' } }, outcome: { ...fine, reasoning: 'hm' } },
  { fault: 'inline think block', behaviour: { kind: 'answer', text: '<think>hm</think>fine' }, outcome: { ...fine, reasoning: 'hm' } },
  { fault: 'reasoning tokens', behaviour: { kind: 'answer', top: { usage: { prompt_tokens: 7, completion_tokens: 3, completion_tokens_details: { reasoning_tokens: 2 } } } }, outcome: { ...fine, usage: { ...usage, reasoningTokens: 2 } } },
  { fault: 'no usage', behaviour: { kind: 'answer', top: { usage: undefined } }, outcome: { ...fine, usage: { promptTokens: 0, completionTokens: 0 } } },
  { fault: 'absurd usage', behaviour: { kind: 'answer', top: { usage: { prompt_tokens: -4, completion_tokens: 1e30 } } }, outcome: { ...fine, usage: { promptTokens: 0, completionTokens: 0 } } },
  { fault: 'the embedded author', behaviour: { kind: 'answer', top: { system_fingerprint: 'gemline-embedded-1' } }, outcome: { ...fine, author: 'rule-based' } },
  { fault: 'an answer of another model', behaviour: { kind: 'answer', top: { model: 'gpt-9' } }, outcome: 'model-missing' },
  { fault: 'a dated name of a hosted model', behaviour: { kind: 'answer', top: { model: 'm-2026-01-01' } }, options: { dialect: 'openai' }, outcome: fine },
  { fault: '400', behaviour: refused(400, 'BadRequestError', 'top_p must be in (0, 1]', 'top_p'), outcome: 'request-refused', detail: { status: 400, type: 'BadRequestError', param: 'top_p' } },
  { fault: '400 prompt too long', behaviour: refused(400, 'BadRequestError', 'Too long', 'input_tokens'), outcome: 'context-exceeded', detail: { status: 400, type: 'BadRequestError', param: 'input_tokens' } },
  { fault: '400 prompt much too long', behaviour: refused(400, 'BadRequestError', 'Too long', 'input_text'), outcome: 'context-exceeded' },
  { fault: '400 prompt as long as the context', behaviour: refused(400, 'BadRequestError', 'max_tokens must be at least 1, got 0.', 'max_tokens'), outcome: 'context-exceeded' },
  { fault: '400 of another server', behaviour: refused(400, 'invalid_request_error', "This model's maximum context length is 4096 tokens."), outcome: 'context-exceeded' },
  { fault: '401 with a string', behaviour: status(401, json({ error: 'Unauthorized' })), outcome: 'server-unauthorized', detail: { status: 401 } },
  { fault: '403', behaviour: refused(403, 'PermissionDeniedError', 'no'), outcome: 'server-unauthorized' },
  { fault: '404 of a model', behaviour: refused(404, 'NotFoundError', 'The model `m` does not exist.', 'model'), outcome: 'model-missing' },
  { fault: '404 of a path', behaviour: status(404, json({ detail: 'Not Found' })), outcome: 'config-invalid' },
  { fault: '405', behaviour: status(405, json({ detail: 'Method Not Allowed' })), outcome: 'config-invalid' },
  { fault: '302 to a login page', behaviour: status(302, '', { location: 'https://login.example/?token=abc' }), outcome: 'config-invalid' },
  { fault: '422', behaviour: refused(422, 'UnprocessableEntityError', 'no'), outcome: 'request-refused' },
  { fault: '501', behaviour: refused(501, 'NotImplementedError', 'no'), outcome: 'request-refused' },
  { fault: '408', behaviour: status(408), outcome: 'server-busy' },
  { fault: '429 with Retry-After', behaviour: status(429, json({ error: { message: 'slow down', type: 'rate' } }), { 'retry-after': '2' }), outcome: 'server-busy', detail: { status: 429, type: 'rate', retryAfterMs: 2000 } },
  { fault: '429 with a Retry-After that is none', behaviour: status(429, '', { 'retry-after': 'soon' }), outcome: 'server-busy', detail: { status: 429 } },
  { fault: '503 of a full queue', behaviour: refused(503, 'Service Unavailable', 'The engine is currently busy'), outcome: 'server-busy' },
  { fault: '503 while scaling', behaviour: status(503, json({ error: 'The model is currently scaling. Please try again later.' })), outcome: 'server-busy' },
  { fault: '500 of the engine', behaviour: refused(500, 'InternalServerError', ''), outcome: 'server-failed' },
  { fault: '500 with an empty body', behaviour: status(500), outcome: 'server-failed' },
  { fault: '500 of a server that drains', behaviour: refused(500, 'InternalServerError', 'cannot schedule new futures after shutdown'), outcome: 'server-unavailable' },
  { fault: '502 with a page', behaviour: status(502, '<html><h1>502 Bad Gateway</h1></html>'), outcome: 'server-failed' },
  { fault: '504', behaviour: status(504), outcome: 'server-failed' }
]

t.test('what a server does -> one result a request, with the right code', async t => {
  for (const { fault, behaviour, outcome, options, send: parts, detail } of FAULTS) {
    const [result] = await withServer(() => behaviour, ({ send }) => send([REQUEST], parts), options)
    t.same(outcomeOf(result), outcome, fault)
    if (detail !== undefined && result?.kind === 'error') t.match(result.error.detail, detail, `${fault}: detail`)
    t.notMatch(inspect(result, { depth: 10, showHidden: true }), CANARY, `${fault}: no key`)
  }
})

t.test('server that is not there -> server-unavailable with its URL', async t => {
  const server = await startMisbehavingServer(() => ({ kind: 'answer' }))
  await server.close()
  const transport = createVllmTransport({ url: server.url })
  const [result] = await transport.send([REQUEST], SEND)
  t.equal(outcomeOf(result), 'server-unavailable')
  t.match(result?.kind === 'error' && result.error.message, new RegExp(`^${server.url}/v1/chat/completions: cannot be reached`))
  t.equal(await transport.healthy(SEND.signal), false)
  await t.rejects(transport.models(SEND.signal), { code: 'server-unavailable' })
  await transport.close()
})

t.test('server that repeats the key -> redacted everywhere', async t => {
  const message = `Incorrect API key provided: ${CANARY}`
  const bodies = [json({ error: { message, type: CANARY, param: CANARY } }), json({ error: message }), json({ detail: message }), message, json({ error: { message: 'x', code: 400 }, model: CANARY })]
  for (const code of [200, 400, 401, 500]) {
    for (const body of bodies) {
      const [result] = await withServer(() => status(code, body), ({ send }) => send([REQUEST]))
      t.equal(result?.kind, 'error')
      t.notMatch(inspect(result, { depth: 10, showHidden: true }), CANARY, `${code} ${body.slice(0, 20)}`)
    }
  }
})

t.test('URL and key -> path, header, and nothing secret in the name', async t => {
  const cases = [
    { add: '', apiKey: CANARY, path: '/v1/chat/completions', authorization: `Bearer ${CANARY}` },
    { add: '/v1', apiKey: CANARY, path: '/v1/chat/completions', authorization: `Bearer ${CANARY}` },
    { add: '/v1/', apiKey: undefined, path: '/v1/chat/completions', authorization: undefined },
    { add: '/proxy/v1?token=x', apiKey: undefined, path: '/proxy/v1/chat/completions', authorization: undefined }
  ]
  const server = await startMisbehavingServer(() => ({ kind: 'answer' }))
  for (const { add, apiKey, path, authorization } of cases) {
    const transport = createVllmTransport({ url: server.url + add, apiKey })
    t.same(outcomeOf((await transport.send([REQUEST], SEND))[0]), fine)
    t.same([server.requests.at(-1)!.path, server.requests.at(-1)!.headers.authorization], [path, authorization])
    t.notMatch(transport.url, /token|canary/)
    await transport.close()
  }
  const transport = createVllmTransport({ url: server.url.replace('//', '//user:p%40ss@') })
  await transport.send([REQUEST], SEND)
  t.equal(server.requests.at(-1)!.headers.authorization, `Basic ${Buffer.from('user:p@ss').toString('base64')}`)
  t.equal(transport.url, server.url)
  await transport.close()
  await server.close()
  for (const url of ['', 'localhost:8000', 'ftp://x', `http://:${CANARY}`]) {
    t.throws(() => createVllmTransport({ url }), { code: 'config-invalid', message: /^((?!canary).)*$/ })
  }
})

t.test('dialect and request -> body', async t => {
  const schema = { type: 'object' }
  const messages = REQUEST.messages
  const format = { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } }
  const cases: ReadonlyArray<{ dialect: 'vllm' | 'openai', request: Partial<ChatRequest>, body: object }> = [
    { dialect: 'vllm', request: {}, body: { model: 'm', messages, temperature: 0.7, top_p: 0.9, seed: 5, max_tokens: 100, top_k: 20, priority: -2, chat_template_kwargs: { enable_thinking: false } } },
    { dialect: 'vllm', request: { temperature: 0, thinking: 'on', stop: ['a'] }, body: { model: 'm', messages, temperature: 0, top_p: 0.9, max_tokens: 100, top_k: 20, priority: -2, chat_template_kwargs: { enable_thinking: true }, stop: ['a'] } },
    { dialect: 'vllm', request: { thinking: { budget: 50 }, jsonSchema: schema, revision: 'r1' }, body: { model: 'm', messages, temperature: 0.7, top_p: 0.9, seed: 5, max_tokens: 100, top_k: 20, priority: -2, chat_template_kwargs: { enable_thinking: true }, thinking_token_budget: 50, response_format: format } },
    { dialect: 'openai', request: { thinking: { budget: 50 }, jsonSchema: schema, stop: ['a', 'b', 'c', 'd'] }, body: { model: 'm', messages, temperature: 0.7, top_p: 0.9, seed: 5, max_completion_tokens: 100, stop: ['a', 'b', 'c', 'd'], response_format: format } }
  ]
  for (const { dialect, request, body } of cases) {
    await withServer(() => ({ kind: 'answer' }), async ({ server, send }) => {
      await send([{ ...REQUEST, ...request }])
      t.same(server.requests[0]!.body, body)
      t.equal(server.requests[0]!.headers['x-request-id'], 'doc-filter-0-0')
    }, { dialect })
  }
  await withServer(() => ({ kind: 'answer' }), async ({ server, send }) => {
    t.same((await send([{ ...REQUEST, stop: ['a', 'b', 'c', 'd', 'e'] }])).map(outcomeOf), ['config-invalid'])
    t.equal(server.requests.length, 0)
  }, { dialect: 'openai' })
})

const batchOf = (texts: readonly string[]): ChatRequest[] => texts.map((content, at) => ({ ...REQUEST, temperature: 0, seed: at, messages: [{ role: 'user', content }] }))
const contents = ({ body }: SeenRequest): string[] => (body.messages as Array<Array<{ content: string }>>).map(conversation => conversation[0]!.content)
const batchAnswer = (request: SeenRequest): Behaviour => ({
  kind: 'answer',
  top: {
    // Out of order on purpose: only the index counts.
    choices: contents(request).map((content, index) => ({ index, message: { content: `re ${content}` }, finish_reason: 'stop', token_ids: [1, 2, 3, 4] })).reverse()
  }
})

t.test('several requests with equal sampling -> one exchange, results by index, tokens of their own', async t => {
  await withServer(batchAnswer, async ({ server, send }) => {
    const results = await send(batchOf(['a', 'bb', 'c']))
    t.same(results.map(outcomeOf), ['a', 'bb', 'c'].map(text => ({ ...fine, text: `re ${text}`, usage: { promptTokens: text.length + 8, completionTokens: 4 } })))
    t.same(server.requests.map(({ path, body }) => [path, body.seed, body.return_token_ids]), [['/v1/chat/completions/batch', undefined, true]])
  }, { tokens: { kind: 'estimate', count: text => text.length } })
})

t.test('requests with different sampling -> exchanges of their own, all at once', async t => {
  await withServer(request => request.path.endsWith('/batch') ? batchAnswer(request) : { kind: 'answer' }, async ({ server, send }) => {
    const [first, second] = batchOf(['a', 'b'])
    const results = await send([first!, { ...REQUEST, seed: 1 }, second!, { ...REQUEST, seed: 2 }])
    t.same(results.map(result => result.kind === 'answer' && result.answer.text), ['re a', 'fine', 're b', 'fine'])
    t.same(server.requests.map(({ path }) => path).sort(), ['/v1/chat/completions', '/v1/chat/completions', '/v1/chat/completions/batch'])
    t.equal(new Set(server.requests.map(({ headers }) => headers['x-request-id'])).size, 3)
  })
})

t.test('server without the batch path -> single requests, and never asked for it again', async t => {
  for (const code of [403, 404, 405]) {
    await withServer(({ path }) => path.endsWith('/batch') ? status(code, json({ detail: 'no' })) : { kind: 'answer' }, async ({ server, send }) => {
      for (let round = 0; round < 2; round++) t.same((await send(batchOf(['a', 'b']))).map(outcomeOf), [fine, fine])
      t.same(server.requests.map(({ path }) => path.endsWith('/batch')), [true, false, false, false, false])
    })
  }
})

t.test('one bad member of a batch -> halves, until only it is refused', async t => {
  const behave = (request: SeenRequest): Behaviour => {
    const texts = request.path.endsWith('/batch') ? contents(request) : [(request.body.messages as Array<{ content: string }>)[0]!.content]
    if (texts.includes('bad')) return refused(400, 'BadRequestError', 'too long', 'input_tokens')
    return request.path.endsWith('/batch') ? batchAnswer(request) : { kind: 'answer', text: `re ${texts[0]}` }
  }
  await withServer(behave, async ({ server, send }) => {
    const results = await send(batchOf(['a', 'b', 'bad', 'd', 'e', 'f', 'g', 'h']))
    t.same(results.map(result => result.kind === 'answer' ? result.answer.text : result.error.code), ['re a', 're b', 'context-exceeded', 're d', 're e', 're f', 're g', 're h'])
    t.equal(server.requests.length, 7)
  })
})

t.test('batch that fails or lacks a member -> each request has its own result', async t => {
  await withServer(() => status(500), async ({ server, send }) => {
    t.same((await send(batchOf(['a', 'b']))).map(outcomeOf), ['server-failed', 'server-failed'])
    t.equal(server.requests.length, 1)
  })
  await withServer(() => ({ kind: 'answer' }), async ({ send }) => {
    t.same((await send(batchOf(['a', 'b']))).map(result => result.kind), ['answer', 'error'])
  })
})

t.test('alias of a model -> accepted once the server lists both', async t => {
  await withServer(() => ({ kind: 'answer', top: { model: 'first-name' } }), async ({ server, send }) => {
    server.models = ['first-name', 'm']
    t.same((await send([REQUEST])).map(outcomeOf), [fine])
    server.models = []
    t.same((await send([REQUEST])).map(outcomeOf), [fine])
  })
})

t.test('aborted signal -> run-cancelled at once and the connection is closed', async t => {
  await withServer(() => ({ kind: 'stall' }), async ({ server, send }) => {
    const controller = new AbortController()
    const sent = send([REQUEST], { signal: controller.signal })
    while (server.requests.length === 0) await new Promise(resolve => setTimeout(resolve, 5))
    controller.abort()
    t.same((await sent).map(outcomeOf), ['run-cancelled'])
    await server.requests[0]!.left
    t.same((await send([REQUEST], { signal: controller.signal })).map(outcomeOf), ['run-cancelled'])
    t.equal(server.requests.length, 1)
  })
})

t.test('models and health -> as the server says, by dialect', async t => {
  const server = await startMisbehavingServer(() => ({ kind: 'answer' }))
  for (const dialect of ['vllm', 'openai'] as const) {
    server.health = 200
    const transport = createVllmTransport({ url: server.url, dialect })
    t.same(await transport.models(SEND.signal), [{ id: 'm', maxModelLength: 4096, ownedBy: 'vllm' }])
    t.equal(await transport.healthy(SEND.signal), true)
    server.health = 404
    t.equal(await transport.healthy(SEND.signal), true, 'a gateway without the path')
    server.health = 503
    t.equal(await transport.healthy(SEND.signal), false)
    await t.rejects(transport.models(SEND.signal), { code: 'server-busy', message: /\/v1\/models: 503/ })
    await transport.close()
  }
  await server.close()
})

t.test('an exchange -> its timings and the server\'s own', async t => {
  const exchanges: VllmExchange[] = []
  const metrics = { queue_time_ms: 3 }
  await withServer(({ number }) => number === 0 ? { kind: 'answer', top: { metrics } } : status(500), async ({ server, send }) => {
    await send([REQUEST])
    await send([REQUEST])
    t.match(exchanges, [
      { url: server.url, status: 200, requests: 1, usage: true, server: metrics, durationMs: Number, firstByteMs: Number },
      { url: server.url, status: 500, requests: 1, usage: false, answerBytes: 0 }
    ])
  }, { onExchange: exchange => exchanges.push(exchange) })
})
