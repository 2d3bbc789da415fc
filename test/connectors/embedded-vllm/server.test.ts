import { connect } from 'node:net'
import t, { type Test } from 'tap'
import { startEmbeddedServer, type EmbeddedServer, type EmbeddedServerOptions, type Fault } from '../../../connectors/embedded-vllm/index.js'

interface Answered { readonly status: number, readonly body: Record<string, unknown> }

async function start (t: Test, options: EmbeddedServerOptions = {}): Promise<EmbeddedServer> {
  const server = await startEmbeddedServer(options)
  t.teardown(() => server.close())
  return server
}

const post = (server: EmbeddedServer, path: string, body: unknown): Promise<Answered> => postWith({ server, path }, body)

interface Target { readonly server: EmbeddedServer, readonly path: string, readonly headers?: Record<string, string> }

async function postWith ({ server, path, headers }: Target, body: unknown): Promise<Answered> {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body)
  })
  return { status: response.status, body: await response.json() as Record<string, unknown> }
}

const chatPath = '/v1/chat/completions'
const hello = { messages: [{ role: 'user', content: 'Hello there' }] }

/** The JSON of all events of a stream, and whether it ended with `[DONE]`. */
async function events (server: EmbeddedServer, path: string, body: object): Promise<{ readonly events: any[], readonly done: boolean }> { // eslint-disable-line @typescript-eslint/no-explicit-any -- a test reads whatever was sent
  const response = await fetch(`${server.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ...body, stream: true }) })
  const lines = (await response.text()).split('\n\n').filter(line => line !== '').map(line => line.replace(/^data: /, ''))
  return { events: lines.filter(line => line !== '[DONE]').map(line => JSON.parse(line)), done: lines.at(-1) === '[DONE]' }
}

/** Waits for something that the server does after the client has gone; loopback, so a few turns of the event loop. */
async function eventually (claim: () => boolean): Promise<boolean> {
  for (let turn = 0; turn < 200 && !claim(); turn += 1) await new Promise(resolve => setTimeout(resolve, 5))
  return claim()
}

t.test('chat -> vLLM\'s whole shape, usage that /tokenize confirms, and a fingerprint that says who wrote it', async t => {
  const server = await start(t)
  const { status, body } = await postWith({ server, path: chatPath, headers: { 'x-request-id': 'job-1' } }, { ...hello, model: 'gemline-embedded', unheard_of: 1, temperature: 0 })
  const content = (body as { choices: [{ message: { content: string } }] }).choices[0].message.content
  const prompt = (await post(server, '/tokenize', hello)).body.count as number
  const completion = (await post(server, '/tokenize', { prompt: content, return_token_strs: true })).body
  t.equal(status, 200)
  t.equal((completion.token_strs as string[]).join(''), content)
  t.equal((completion.tokens as number[]).length, completion.count)
  t.match(body, {
    id: 'chatcmpl-job-1', object: 'chat.completion', model: 'gemline-embedded', system_fingerprint: /^gemline-embedded-\d+\.\d+\.\d+/,
    choices: [{ index: 0, message: { role: 'assistant', content: /no language model/, reasoning: null }, finish_reason: 'stop', stop_reason: null }],
    usage: { prompt_tokens: prompt, completion_tokens: completion.count, total_tokens: prompt + (completion.count as number) }
  })
})

t.test('max_tokens, stop, n and thinking -> cut text, its reason, several choices, reasoning beside the text', async t => {
  const server = await start(t)
  const ask = async (more: object): Promise<any> => (await post(server, chatPath, { ...hello, ...more })).body // eslint-disable-line @typescript-eslint/no-explicit-any -- a test reads whatever was sent
  t.match(await ask({ max_tokens: 3 }), { choices: [{ finish_reason: 'length' }], usage: { completion_tokens: 3 } })
  t.match(await ask({ stop: 'embedded' }), { choices: [{ message: { content: 'I am gemline\'s ' }, finish_reason: 'stop', stop_reason: 'embedded' }] })
  t.match(await ask({ stop: ['nowhere', 'author'], include_stop_str_in_output: true }), { choices: [{ message: { content: /author$/ } }] })
  const [one, three] = [await ask({}), await ask({ n: 3 })]
  t.equal(three.choices.length, 3)
  t.equal(three.usage.prompt_tokens, one.usage.prompt_tokens, 'the prompt counts once')
  const thought = await ask({ chat_template_kwargs: { enable_thinking: true } })
  t.match(thought.choices[0].message.reasoning, /none of the six/)
  t.ok(thought.usage.completion_tokens_details.reasoning_tokens > 0)
  t.match(await ask({ structured_outputs: { choice: ['a'] } }), { choices: [{ message: { content: 'a' } }] })
  t.match(await ask({ response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] } } } }), { choices: [{ message: { content: '{"ok":true}' } }] })
})

t.test('stream -> role, pieces that join to the plain answer, finish, usage, [DONE]; interval makes fewer', async t => {
  const server = await start(t)
  const plain = (await post(server, chatPath, hello)).body as { choices: [{ message: { content: string } }], usage: object }
  const body = { ...hello, stream_options: { include_usage: true } }
  const { events: sent, done } = await events(server, chatPath, body)
  const texts = sent.slice(1, -1)
  t.ok(done)
  t.match(sent[0].choices[0], { delta: { role: 'assistant', content: '' }, finish_reason: null })
  t.equal(texts.map(event => event.choices[0].delta.content).join(''), plain.choices[0].message.content)
  t.same(texts.map(event => event.choices[0].finish_reason), [...Array(texts.length - 1).fill(null), 'stop'])
  t.same({ choices: sent.at(-1).choices, usage: sent.at(-1).usage }, { choices: [], usage: plain.usage })
  const fewer = await events(server, chatPath, { ...body, stream_interval: 8 })
  t.equal(fewer.events.length, 2 + 1 + Math.ceil((texts.length - 1) / 8))
  const prompts = await events(server, '/v1/completions', { prompt: ['a', 'b'], max_tokens: 4 })
  t.same([...new Set(prompts.events.map(event => event.choices[0].index))].sort(), [0, 1])
  t.same(prompts.events.filter(event => event.choices[0].finish_reason === 'length').length, 2)
})

t.test('completions -> index = prompt × n + sample, 16 tokens unless told, summed usage, token ids counted', async t => {
  const server = await start(t)
  const { body } = await post(server, '/v1/completions', { prompt: ['one', 'two words'], n: 2 })
  const { choices, usage } = body as { choices: Array<{ index: number, text: string, finish_reason: string }>, usage: Record<string, number> }
  t.same(choices.map(choice => choice.index), [0, 1, 2, 3])
  t.match(choices[2]!.text, /no language model/)
  t.match(usage, { prompt_tokens: 3, completion_tokens: 64, total_tokens: 67 })
  t.ok(choices.every(choice => choice.finish_reason === 'length'))
  t.match((await post(server, '/v1/completions', { prompt: [1, 2, 3], max_tokens: 1 })).body, { usage: { prompt_tokens: 3 }, choices: [{ index: 0 }] })
  t.match((await post(server, '/v1/completions', { prompt: [[1, 2], [3]], max_tokens: 1 })).body, { usage: { prompt_tokens: 3 }, choices: [{ index: 0 }, { index: 1 }] })
  const template = '<|im_start|>system\nDecide: <multi_step>True|False</multi_step><|im_end|>\n<|im_start|>user\n<source_text>The sea was calm.</source_text><|im_end|>\n<|im_start|>assistant\n'
  t.match((await post(server, '/v1/completions', { prompt: template, max_tokens: 99 })).body, { choices: [{ text: '<multi_step>False</multi_step>' }] })
})

t.test('return_token_ids -> as many ids as tokens of each choice, made-up but equal for equal pieces', async t => {
  const server = await start(t)
  const { body } = await post(server, `${chatPath}/batch`, { messages: [hello.messages, [{ role: 'user', content: 'b' }], hello.messages], return_token_ids: true, max_tokens: 30 })
  const { choices, usage } = body as { choices: Array<{ token_ids: number[] }>, usage: { completion_tokens: number } }
  t.equal(choices.reduce((sum, choice) => sum + choice.token_ids.length, 0), usage.completion_tokens)
  t.same(choices[0]!.token_ids, choices[2]!.token_ids)
})

t.test('batch -> one choice per conversation, usage summed, stream and tools ignored', async t => {
  const server = await start(t)
  const conversations = ['Say yes', 'Say no'].map(content => [{ role: 'user', content }])
  const { status, body } = await post(server, `${chatPath}/batch`, { messages: conversations, structured_outputs: { choice: ['yes', 'no'] }, stream: true, tools: [] })
  const alone = await Promise.all(conversations.map(async messages => (await post(server, chatPath, { messages })).body as { usage: { prompt_tokens: number } }))
  t.match({ status, body }, {
    status: 200,
    body: {
      object: 'chat.completion',
      choices: [{ index: 0, message: { content: 'yes' } }, { index: 1, message: { content: 'no' } }],
      usage: { prompt_tokens: alone[0]!.usage.prompt_tokens + alone[1]!.usage.prompt_tokens, completion_tokens: 2 }
    }
  })
})

t.test('what is wrong with a request -> vLLM\'s status and body', async t => {
  const server = await start(t, { maxModelLength: 50, models: ['one', 'two'] })
  const long = { messages: [{ role: 'user', content: 'word '.repeat(100) }] }
  const error = (code: number, type: string, ...[param, message]: [string | null, RegExp]): object => ({ status: code, body: { error: { code, type, param, message } } })
  const cases: Array<{ readonly name: string, readonly path?: string, readonly body: unknown, readonly headers?: Record<string, string>, readonly want: object }> = [
    { name: 'unknown model', body: { ...hello, model: 'three' }, want: error(404, 'NotFoundError', 'model', /^The model `three` does not exist/) },
    { name: 'no JSON', body: '{"messages":', want: error(400, 'Bad Request', null, /1 validation error:\n {2}\{'type': 'json_invalid'/) },
    { name: 'no messages', body: { model: 'one' }, want: error(400, 'Bad Request', null, /'type': 'missing', 'loc': \('body', 'messages'\), 'msg': 'Field required'/) },
    { name: 'empty messages', body: { messages: [] }, want: error(400, 'Bad Request', null, /too_short/) },
    { name: 'other content type', body: 'hello', headers: { 'content-type': 'text/plain' }, want: error(400, 'Bad Request', null, /application\/json/) },
    { name: 'prompt too long', body: long, want: error(400, 'BadRequestError', 'input_tokens', /maximum context length is 50 tokens.*at least 51 input tokens/) },
    { name: 'one conversation of a batch too long', path: `${chatPath}/batch`, body: { messages: [hello.messages, long.messages] }, want: error(400, 'BadRequestError', 'input_tokens', /maximum context length/) },
    { name: 'max_tokens over the context', body: { ...hello, max_tokens: 51 }, want: error(400, 'BadRequestError', 'max_tokens', /max_tokens=51 cannot be greater than max_model_len=50/) },
    { name: 'max_tokens 0', body: { ...hello, max_tokens: 0 }, want: error(400, 'BadRequestError', 'max_tokens', /must be at least 1, got 0/) },
    { name: 'five stops', body: { ...hello, stop: ['a', 'b', 'c', 'd', 'e'] }, want: error(400, 'BadRequestError', 'stop', /at most 4/) },
    { name: 'stream_options alone', body: { ...hello, stream_options: { include_usage: true } }, want: error(400, 'BadRequestError', 'stream_options', /stream/) },
    { name: 'two constraints', body: { ...hello, structured_outputs: { choice: ['a'], json: {} } }, want: error(400, 'BadRequestError', 'structured_outputs', /one kind/) },
    { name: 'batch with n 2', path: `${chatPath}/batch`, body: { messages: [hello.messages], n: 2 }, want: error(400, 'BadRequestError', 'n', /n=1/) },
    { name: 'empty list of prompts', path: '/v1/completions', body: { prompt: [] }, want: error(400, 'Bad Request', null, /prompt/) },
    { name: '1,025 prompts', path: '/v1/completions', body: { prompt: Array(1025).fill('a') }, want: error(400, 'BadRequestError', 'prompt', /1024/) },
    { name: 'unknown path', path: '/v1/nothing', body: {}, want: { status: 404, body: { detail: 'Not Found' } } },
    { name: 'wrong method', path: '/v1/models', body: {}, want: { status: 405, body: { detail: 'Method Not Allowed' } } },
    { name: 'too much room asked for is clamped', body: { ...hello, max_tokens: 50 }, want: { status: 200, body: { usage: { total_tokens: (total: number) => total <= 50 } } } }
  ]
  for (const { name, path = chatPath, body, headers, want } of cases) {
    const got = await postWith({ server, path, headers }, body)
    if (name.includes('clamped')) t.ok(got.status === 200 && (got.body.usage as { total_tokens: number }).total_tokens <= 50, name)
    else t.match(got, want, name)
  }
  t.equal(server.stats().refused, cases.length - 1)
})

t.test('models, health, version, key -> who serves what, and /v1 behind the key', async t => {
  const server = await start(t, { models: ['synth', 'teacher'], maxModelLength: 4096, apiKey: 'secret' })
  const get = async (path: string, headers: Record<string, string> = {}): Promise<{ status: number, text: string }> => {
    const response = await fetch(`${server.url}${path}`, { headers })
    return { status: response.status, text: await response.text() }
  }
  t.match(JSON.parse((await get('/v1/models', { authorization: 'Bearer secret' })).text), {
    object: 'list',
    data: ['synth', 'teacher'].map(id => ({ id, object: 'model', owned_by: 'gemline-embedded', root: 'synth', parent: null, max_model_len: 4096 }))
  })
  t.same(await get('/health'), { status: 200, text: '' })
  t.match(JSON.parse((await get('/version')).text), { version: /^gemline-embedded-/ })
  t.same(await get('/v1/models'), { status: 401, text: '{"error":"Unauthorized"}' })
  t.same(await postWith({ server, path: chatPath, headers: { authorization: 'Bearer wrong' } }, hello), { status: 401, body: { error: 'Unauthorized' } })
  t.equal((await get('/metrics')).status, 200)
})

t.test('metrics and stats -> the same sums as the clients saw; reset empties them', async t => {
  const server = await start(t, { countBodies: true })
  const used = await Promise.all([hello, hello, { ...hello, max_tokens: 2 }].map(async body => (await post(server, chatPath, body)).body as { usage: Record<string, number> }))
  const sum = (name: string): number => used.reduce((total, { usage }) => total + usage[name]!, 0)
  const text = await (await fetch(`${server.url}/metrics`)).text()
  const value = (name: string): number => Number(text.split('\n').find(line => line.startsWith(`vllm:${name}`) && line.includes('model_name="gemline-embedded"'))?.split(' ').at(-1))
  t.same({
    running: value('num_requests_running'), waiting: value('num_requests_waiting'), prompt: value('prompt_tokens_total'), generation: value('generation_tokens_total'),
    stop: value('request_success_total{engine="0",model_name="gemline-embedded",finished_reason="stop"}'),
    length: value('request_success_total{engine="0",model_name="gemline-embedded",finished_reason="length"}'),
    latencies: value('e2e_request_latency_seconds_count'), steps: value('iteration_tokens_total_count') > 0
  }, { running: 0, waiting: 0, prompt: sum('prompt_tokens'), generation: sum('completion_tokens'), stop: 2, length: 1, latencies: 3, steps: true })
  t.match(server.stats(), { received: { [chatPath]: 3, '/metrics': 1 }, stages: { other: 3 }, completed: 3, aborted: 0, running: 0, distinctBodies: 2, promptTokens: sum('prompt_tokens') })
  server.reset()
  t.match(server.stats(), { received: {}, completed: 0, promptTokens: 0, distinctBodies: 0 })
})

t.test('clients that go away -> the running count falls, plain, streamed, listed or waiting', async t => {
  const server = await start(t, { clock: { ttftMs: 60_000, itlMs: 1000, maxNumSeqs: 2 } })
  const bodies: Array<[string, object]> = [[chatPath, hello], [chatPath, { ...hello, stream: true }], ['/v1/completions', { prompt: ['a', 'b', 'c'] }], [`${chatPath}/batch`, { messages: [hello.messages, hello.messages] }]]
  for (const [path, body] of bodies) {
    const leave = new AbortController()
    const gone = fetch(`${server.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal: leave.signal }).then(response => response.text())
    t.ok(await eventually(() => server.stats().running > 0), `${path} runs`)
    leave.abort()
    await t.rejects(gone)
    t.ok(await eventually(() => server.stats().running === 0), `${path} is gone`)
  }
  t.match(server.stats(), { completed: 0, aborted: 7, peakRunning: 3 })
  t.match(await (await fetch(`${server.url}/metrics`)).text(), /num_requests_waiting\{[^}]*\} 0\n/)
})

t.test('more at once than the queue takes -> 503 without asking the author', async t => {
  const server = await start(t, { maxQueuedRequests: 2 })
  t.match(await post(server, '/v1/completions', { prompt: ['a', 'b', 'c'] }), { status: 503, body: { error: { type: 'Service Unavailable', message: /^The engine is currently busy/ } } })
  t.equal((await post(server, '/v1/completions', { prompt: ['a', 'b'] })).status, 200)
})

t.test('injected faults -> what a client meets, and counted', async t => {
  let fault: Fault | undefined
  const seen: object[] = []
  const server = await start(t, { faults: info => { seen.push(info); return fault } })
  const meet = async (next: Fault | undefined, body: object = hello): Promise<unknown> => {
    fault = next
    const leave = AbortSignal.timeout(next === 'stall' ? 60 : 10_000)
    const response = await fetch(`${server.url}${chatPath}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal: leave })
    return { status: response.status, text: await response.text() }
  }
  t.match(await meet({ status: 429, body: { error: 'slow down' } }), { status: 429, text: '{"error":"slow down"}' })
  await t.rejects(meet('reset'), { message: 'fetch failed' })
  await t.rejects(meet('stall'), { name: 'TimeoutError' })
  await t.rejects(meet('cut'), { message: 'terminated' })
  await t.rejects(meet('cut', { ...hello, stream: true }), { message: 'terminated' })
  t.match(await meet('abort'), { status: 200, text: /"finish_reason":"abort"/ })
  t.match(await meet('abort', { ...hello, stream: true }), { status: 200, text: /"finish_reason":"abort"[\s\S]*\[DONE\]/ })
  t.match(await meet(undefined, { ...hello, seed: 5 }), { status: 200 })
  t.ok(await eventually(() => server.stats().running === 0))
  t.match(server.stats().faults, { 429: 1, reset: 1, stall: 1, cut: 2, abort: 2 })
  t.match(seen.at(-1), { path: chatPath, stage: 'other', sequence: 7, seed: 5, prompts: 1 })
})

t.test('nonsense on the wire -> an answer or a closed socket, and a server that lives on', async t => {
  const server = await start(t, { maxBodyBytes: 1000 })
  const raw = (text: string): Promise<string> => new Promise(resolve => {
    const socket = connect(server.port, '127.0.0.1', () => { socket.end(text) })
    let got = ''
    socket.on('data', data => { got += String(data) }).on('error', () => {}).on('close', () => resolve(got))
  })
  await raw('GARBAGE\r\n\r\n')
  await raw(`POST ${chatPath} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{"mess`)
  t.equal((await post(server, chatPath, { messages: [{ role: 'user', content: 'x'.repeat(2000) }] })).status, 413)
  for (const body of ['null', '[]', '7', '"x"', '{"messages":[null]}', '{"messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url"}]}]}']) {
    const { status } = await post(server, chatPath, body)
    t.equal(status, body.includes('image') ? 200 : 400, body)
  }
  t.match(await post(server, '/tokenize', {}), { status: 400 })
  t.equal((await post(server, chatPath, hello)).status, 200)
})

t.test('options that are none -> refused with the name of the key', async t => {
  await t.rejects(startEmbeddedServer({ modles: ['a'] } as EmbeddedServerOptions), /modles/)
  await t.rejects(startEmbeddedServer({ clock: { ttftMs: -1 } }), /clock/)
})
