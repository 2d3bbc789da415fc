import t from 'tap'
import { createVllmTransport } from '../../connectors/vllm-model.js'
import { GemlineError, type ErrorCode } from '../../lib/engine/errors.js'
import { silent, type Logger, type OperatorContext } from '../../lib/engine/operator.js'
import { createModelChain, type ModelChain, type ModelChainParts } from '../../lib/model/chain.js'
import type { ChatRequest, Result, SendOptions, Transport } from '../../lib/model/chat-model.js'
import type { ModelEvent } from '../../lib/model/event.js'
import { createJournal } from '../../lib/model/journal.js'
import { requestKeyOf } from '../../lib/model/request-key.js'
import { createFakeContext } from '../support/fake-chat-model.js'
import { createManualTimers, settle } from '../support/manual-timers.js'
import { createMemoryStore } from '../support/memory-store.js'
import { startMisbehavingServer, type Behaviour } from '../support/misbehaving-server.js'

const requestOf = (content: string, parts: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'm', messages: [{ role: 'user', content }], thinking: 'off', temperature: 0, topP: 1, topK: 0, maxTokens: 10, seed: 1, stop: [], ...parts
})
const textOf = ({ messages }: ChatRequest): string => messages[0]!.content
const usage = { promptTokens: 2, completionTokens: 1 }
const fine = (request: ChatRequest): Result => ({ kind: 'answer', answer: { text: `re ${textOf(request)}`, finishReason: 'stop', usage, author: 'model' } })
const failure = (code: ErrorCode, detail?: object): Result => ({ kind: 'error', error: new GemlineError(code, `fake ${code}`, { detail }) })

interface Sent { readonly texts: readonly string[], readonly options: SendOptions, answer (results: readonly Result[] | 'fine'): void }

interface FakeTransport extends Transport { readonly sent: Sent[], health: boolean, probes: number, closed: boolean }

/** A server whose answers the test gives; with `always`, what it says to every exchange by its number. */
function createFakeTransport (url = 'http://one', always?: (request: ChatRequest, number: number) => Result): FakeTransport {
  const self: FakeTransport = {
    url, sent: [], health: true, probes: 0, closed: false,
    send: (requests, options) => new Promise(resolve => {
      const answer: Sent['answer'] = results => resolve(results === 'fine' ? requests.map(fine) : results)
      self.sent.push({ texts: requests.map(textOf), options, answer })
      if (always !== undefined) answer(requests.map(request => always(request, self.sent.length - 1)))
    }),
    async healthy () {
      self.probes++
      return self.health
    },
    models: async () => [],
    async close () { self.closed = true }
  }
  return self
}

interface Rig { readonly chain: ModelChain, readonly events: ModelEvent[], readonly timers: ReturnType<typeof createManualTimers>, ask (text: string, parts?: Partial<OperatorContext>): Promise<string> }

function rig (parts: Partial<ModelChainParts> & Pick<ModelChainParts, 'transports'>): Rig {
  const events: ModelEvent[] = []
  const timers = createManualTimers()
  const chain = createModelChain({ name: 'm', log: silent, timers, random: () => 0.5, onEvent: event => events.push(event), ...parts })
  return {
    chain, events, timers,
    ask: async (text, context = {}) => (await chain.complete(requestOf(text), createFakeContext(context))).text
  }
}
const kinds = (events: readonly ModelEvent[]): string[] => events.map(({ kind }) => kind)
const codeOf = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'answer', (error: GemlineError) => error.code)

t.test('equal requests by meaning -> equal keys; anything the model sees changed -> another', async t => {
  const base = requestOf('a', { jsonSchema: { type: 'object', properties: { a: {}, b: {} } } })
  const key = requestKeyOf(base)
  t.match(key, /^[0-9a-f]{64}$/)
  t.equal(requestKeyOf(Object.fromEntries(Object.entries(base).reverse()) as unknown as ChatRequest), key, 'order of fields')
  t.equal(requestKeyOf({ ...base, revision: undefined, priority: 3 } as ChatRequest), key, 'what the model does not see')
  const changes: ReadonlyArray<Partial<ChatRequest>> = [
    { model: 'n' }, { revision: 'r' }, { messages: [{ role: 'system', content: 'a' }] }, { messages: [{ role: 'user', content: 'b' }] }, { thinking: 'on' },
    { thinking: { budget: 5 } }, { temperature: 1 }, { topP: 0.5 }, { topK: 5 }, { maxTokens: 11 }, { seed: 2 }, { stop: ['x'] }, { jsonSchema: undefined },
    { jsonSchema: { type: 'object', properties: { b: {}, a: {} } } }
  ]
  t.equal(new Set([key, ...changes.map(change => requestKeyOf({ ...base, ...change }))]).size, changes.length + 1)
})

t.test('one request -> one exchange with priority, deadline and name; its events and sums', async t => {
  const server = createFakeTransport('http://one', fine)
  const { chain, events } = rig({ transports: [server], options: { deadlineMs: 9, stages: { judge: { deadlineMs: 3 } } } })
  const completion = await chain.complete(requestOf('a'), createFakeContext({ id: 'd.0', stage: 'judge', stageIndex: 4, attempt: 1 }))
  t.same(completion, { text: 're a', finishReason: 'stop', usage, author: 'model', requestKey: requestKeyOf(requestOf('a')) })
  await chain.complete(requestOf('b'), createFakeContext({ id: 'd\n', stage: 'filter' }))
  t.same(server.sent.map(({ options: { priority, deadlineMs, requestId } }) => ({ priority, deadlineMs, requestId })), [
    { priority: -4, deadlineMs: 3, requestId: 'd.0-judge-1-0' }, { priority: -0, deadlineMs: 9, requestId: 'd_-filter-0-0' }
  ])
  t.same(events.slice(0, 2), [
    { kind: 'call-start', model: 'm', stage: 'judge', url: 'http://one', batch: 1, waitMs: 0 },
    { kind: 'call-end', model: 'm', stage: 'judge', url: 'http://one', batch: 1, outcome: 'answer', usage, durationMs: 0 }
  ])
  t.same(chain.stats(), {
    calls: 2, answers: 2, journalHits: 0, joined: 0, promptTokens: 4, completionTokens: 2, retries: {}, servers: [{ url: 'http://one', state: 'up', outstanding: 0 }]
  })
})

t.test('more calls than places -> later stages first, then the oldest record, never more than maxInFlight', async t => {
  const server = createFakeTransport()
  const { chain, ask } = rig({ transports: [server], options: { maxInFlight: 1 } })
  const asked = [['first', 0, 9], ['s0 q7', 0, 7], ['s1 q8', 1, 8], ['s0 q3', 0, 3], ['s2 q9', 2, 9], ['s1 q2', 1, 2]] as const
  const answers = asked.map(([text, stageIndex, sequence]) => ask(text, { stageIndex, sequence, stage: `s${stageIndex}` }))
  await settle()
  t.same([chain.inFlight(), chain.waiting()], [1, 5])
  for (let at = 0; at < asked.length; at++) {
    t.equal(server.sent.length, at + 1)
    server.sent[at]!.answer('fine')
    await settle()
  }
  t.same(server.sent.flatMap(({ texts }) => texts), ['first', 's2 q9', 's1 q2', 's1 q8', 's0 q3', 's0 q7'])
  t.same(await Promise.all(answers), asked.map(([text]) => `re ${text}`))
  t.same([chain.inFlight(), chain.waiting()], [0, 0])
})

t.test('several servers -> the one with the fewest requests, and after a failure another', async t => {
  const servers = [createFakeTransport('http://one'), createFakeTransport('http://two')]
  const { ask, timers } = rig({ transports: servers, options: { maxInFlight: 2 } })
  const answers = ['a', 'b', 'c', 'd', 'e'].map(text => ask(text))
  await settle()
  t.same(servers.map(({ sent }) => sent.flatMap(({ texts }) => texts)), [['a', 'c'], ['b', 'd']])
  servers[0]!.sent[0]!.answer([failure('server-failed')])
  await settle()
  t.same(servers[0]!.sent.at(-1)!.texts, ['e'], 'the place is used while the failed one waits')
  servers[1]!.sent[0]!.answer('fine')
  await timers.advance(300)
  t.same(servers[1]!.sent.at(-1)!.texts, ['a'])
  for (const { sent } of servers) for (const { answer } of sent) answer('fine')
  t.same(await Promise.all(answers), ['a', 'b', 'c', 'd', 'e'].map(text => `re ${text}`))
})

t.test('failure -> tries, pauses and outcome', async t => {
  const jitter = [250, 500, 1000, 2000, 4000, 8000, 10_000]
  const cases: ReadonlyArray<{ name: string, failures: readonly Result[], outcome: string, pauses: readonly number[] }> = [
    { name: 'one 500', failures: [failure('server-failed')], outcome: 'answer', pauses: jitter.slice(0, 1) },
    { name: 'three of any kind', failures: [failure('answer-aborted'), failure('response-invalid'), failure('deadline-exceeded')], outcome: 'answer', pauses: jitter.slice(0, 3) },
    { name: 'four of any kind', failures: [failure('server-failed'), failure('server-failed'), failure('server-failed'), failure('connection-lost')], outcome: 'connection-lost', pauses: jitter.slice(0, 3) },
    { name: 'reset before a byte', failures: [failure('connection-lost', { beforeBytes: true })], outcome: 'answer', pauses: [0] },
    { name: 'reset before a byte, again', failures: [failure('connection-lost', { beforeBytes: true }), failure('connection-lost', { beforeBytes: true })], outcome: 'answer', pauses: [0, 500] },
    { name: 'reset inside the answer', failures: [failure('connection-lost', { beforeBytes: false })], outcome: 'answer', pauses: [250] },
    { name: 'busy seven times', failures: Array.from({ length: 7 }, () => failure('server-busy')), outcome: 'answer', pauses: jitter },
    { name: 'busy for ever', failures: Array.from({ length: 20 }, () => failure('server-busy')), outcome: 'server-busy', pauses: [...jitter, ...Array.from({ length: 12 }, () => 10_000)] },
    { name: 'busy with Retry-After', failures: [failure('server-busy', { retryAfterMs: 5000 })], outcome: 'answer', pauses: [5250] },
    { name: 'refused', failures: [failure('request-refused')], outcome: 'request-refused', pauses: [] },
    { name: 'context', failures: [failure('context-exceeded')], outcome: 'context-exceeded', pauses: [] },
    { name: 'wrong key', failures: [failure('server-unauthorized')], outcome: 'server-unauthorized', pauses: [] },
    { name: 'wrong model', failures: [failure('model-missing')], outcome: 'model-missing', pauses: [] }
  ]
  for (const { name, failures, outcome, pauses } of cases) {
    const server = createFakeTransport('http://one', (request, number) => failures[number] ?? fine(request))
    const { ask, events, timers, chain } = rig({ transports: [server] })
    const asked = codeOf(ask('a'))
    await timers.advance(1_000_000)
    t.equal(await asked, outcome, name)
    t.same(events.flatMap(event => event.kind === 'retry' ? [event.delayMs] : []), pauses, `${name}: pauses`)
    t.same(new Set(server.sent.map(({ options: { requestId } }) => requestId)).size, server.sent.length, `${name}: each try has its own name`)
    t.same([chain.inFlight(), chain.waiting(), timers.pending()], [0, 0, []], `${name}: nothing left`)
  }
})

t.test('transport that throws or gives too few results -> a failure like any other', async t => {
  const server = createFakeTransport()
  const broken: Transport = { ...server, send: async () => { throw new Error('bug') } }
  const short: Transport = { ...server, send: async () => [] }
  for (const transport of [broken, short]) {
    const { ask, timers } = rig({ transports: [transport] })
    const asked = codeOf(ask('a'))
    await timers.advance(100_000)
    t.equal(await asked, 'response-invalid')
  }
})

t.test('all servers down -> the run waits, says so once, is probed at growing distance, goes on and loses nothing', async t => {
  const servers = [createFakeTransport('http://one'), createFakeTransport('http://two')]
  const warnings: string[] = []
  const log: Logger = { ...silent, warn: (_, message) => warnings.push(message), info: (_, message) => warnings.push(message) }
  const { ask, events, timers, chain } = rig({ transports: servers, log, options: { maxInFlight: 1 } })
  const answers = ['a', 'b', 'c'].map(text => ask(text))
  await settle()
  for (const server of servers) {
    server.health = false
    server.sent[0]!.answer([failure('server-unavailable')])
  }
  await settle()
  t.same([chain.inFlight(), chain.waiting()], [0, 3])
  await timers.advance(60_000)
  t.same(servers.map(({ probes }) => probes), [7, 7], 'after 1, 3, 7, 15, 30, 45 and 60 s')
  t.same(servers.map(({ sent }) => sent.length), [1, 1])
  servers[1]!.health = true
  await timers.advance(15_000)
  t.same(kinds(events.filter(({ kind }) => !kind.startsWith('call') && kind !== 'retry')), ['replica-down', 'replica-down', 'paused', 'replica-up', 'resumed'])
  for (let at = 1; at <= 3; at++) {
    servers[1]!.sent[at]!.answer('fine')
    await settle()
  }
  t.same(await Promise.all(answers), ['re a', 're b', 're c'])
  t.ok(warnings.includes('all servers of model m are down, the run waits'))
  t.same(chain.stats().servers.map(({ state }) => state), ['down', 'up'])
  await chain.close()
  t.same(timers.pending(), [], 'no probe is left')
})

t.test('server that says it is well and fails at once -> probes keep their distance, the call is never lost', async t => {
  const server = createFakeTransport('http://one', (request, number) => number < 6 ? failure('server-unavailable') : fine(request))
  const { ask, timers, events } = rig({ transports: [server] })
  const asked = ask('a')
  await timers.advance(1000 + 2000 + 4000 + 8000 + 15_000)
  t.equal(server.sent.length, 6)
  await timers.advance(15_000)
  t.equal(await asked, 're a')
  t.equal(kinds(events).filter(kind => kind === 'paused').length, 6)
})

t.test('engine that dies -> its calls fail once, health is asked, the rest waits', async t => {
  const server = createFakeTransport()
  const { ask, timers } = rig({ transports: [server], options: { maxInFlight: 4 } })
  const answers = ['a', 'b', 'c', 'd', 'e'].map(text => ask(text))
  await settle()
  server.health = false
  for (const { answer } of server.sent.slice()) answer([failure('server-failed')])
  await timers.advance(500_000)
  t.equal(server.sent.length, 4, 'nothing is sent to a dead engine')
  server.health = true
  await timers.advance(20_000)
  while (server.sent.length < 9) {
    server.sent.at(-1)!.answer('fine')
    await timers.advance(100)
    for (const { answer } of server.sent) answer('fine')
    await settle()
  }
  t.same(await Promise.all(answers), ['a', 'b', 'c', 'd', 'e'].map(text => `re ${text}`))
})

t.test('journal -> a known request makes no call, the same at once makes one', async t => {
  const store = createMemoryStore()
  const run = async (nonce: string): Promise<{ texts: string[], calls: number, hits: number, kinds: string[] }> => {
    const server = createFakeTransport('http://one', fine)
    const journal = createJournal({ store, nonce, log: silent })
    const { ask, events, chain } = rig({ transports: [server], journal })
    const texts = await Promise.all(['a', 'a', 'b'].map(text => ask(text)))
    await journal.end()
    return { texts, calls: server.sent.length, hits: chain.stats().journalHits, kinds: kinds(events).filter(kind => kind === 'journal-hit') }
  }
  const texts = ['re a', 're a', 're b']
  t.same(await run('n1'), { texts, calls: 2, hits: 0, kinds: ['journal-hit'] })
  t.same(await run('n2'), { texts, calls: 0, hits: 2, kinds: ['journal-hit', 'journal-hit', 'journal-hit'] })
})

t.test('failure -> is not journaled', async t => {
  const server = createFakeTransport('http://one', (request, number) => number === 0 ? failure('request-refused') : fine(request))
  const journal = createJournal({ store: createMemoryStore(), nonce: 'n', log: silent })
  const { ask } = rig({ transports: [server], journal })
  t.same([await codeOf(ask('a')), await codeOf(ask('a'))], ['request-refused', 'answer'])
  await journal.end()
})

t.test('gate closed -> what is in flight ends and is journaled, the rest waits until its signal aborts', async t => {
  const store = createMemoryStore()
  const server = createFakeTransport()
  const journal = createJournal({ store, nonce: 'n', log: silent })
  const { ask, chain, timers } = rig({ transports: [server], journal, options: { maxInFlight: 2 } })
  const stop = new AbortController()
  const asked = ['a', 'b', 'c', 'd'].map(text => codeOf(ask(text, { signal: stop.signal })))
  await settle()
  chain.gate.close()
  server.sent[0]!.answer('fine')
  server.sent[1]!.answer([failure('server-failed')])
  await timers.advance(60_000)
  t.same([server.sent.length, chain.inFlight(), chain.waiting(), chain.gate.closed], [2, 0, 3, true])
  t.equal(await asked[0], 'answer')
  const late = codeOf(ask('e', { signal: stop.signal }))
  await settle()
  stop.abort()
  t.same(await Promise.all([...asked, late]), ['answer', 'run-cancelled', 'run-cancelled', 'run-cancelled', 'run-cancelled'])
  t.equal(chain.waiting(), 0)
  await journal.end()
  const again = createJournal({ store, nonce: 'n2', log: silent })
  t.equal((await again.lookup('split', requestKeyOf(requestOf('a'))))?.text, 're a')
  t.equal(await again.lookup('split', requestKeyOf(requestOf('b'))), undefined)
})

t.test('signal that aborts -> everything that waits, pauses or is in flight is run-cancelled at once, and requests are destroyed', async t => {
  const server = createFakeTransport()
  const { ask, chain, timers } = rig({ transports: [server], options: { maxInFlight: 2 } })
  const [stop, other] = [new AbortController(), new AbortController()]
  const asked = ['a', 'b', 'c'].map(text => codeOf(ask(text, { signal: stop.signal })))
  const kept = ask('d', { signal: other.signal })
  await settle()
  server.sent[0]!.answer([failure('server-busy')])
  await settle()
  stop.abort()
  t.same(await Promise.all(asked), ['run-cancelled', 'run-cancelled', 'run-cancelled'])
  t.same(server.sent.map(({ options }) => options.signal.aborted), [false, true, true])
  for (const { answer } of server.sent.slice(1)) answer([failure('run-cancelled')])
  await settle()
  server.sent[3]!.answer('fine')
  t.equal(await kept, 're d')
  t.same([chain.inFlight(), chain.waiting(), timers.pending()], [0, 0, []])
  t.equal(await codeOf(ask('z', { signal: stop.signal })), 'run-cancelled')
  t.equal(server.sent.length, 4)
})

t.test('thousands that wait on one signal -> no warning, and all are released', async t => {
  const warnings: unknown[] = []
  const listen = (warning: unknown): void => { warnings.push(warning) }
  process.on('warning', listen)
  const { ask, chain } = rig({ transports: [createFakeTransport()] })
  const stop = new AbortController()
  const asked = Array.from({ length: 5000 }, (_, sequence) => codeOf(ask(`q${sequence}`, { signal: stop.signal, sequence })))
  await settle()
  t.same([chain.inFlight(), chain.waiting()], [256, 4744])
  stop.abort()
  t.same(new Set(await Promise.all(asked)), new Set(['run-cancelled']))
  process.off('warning', listen)
  t.same(warnings, [])
})

t.test('batch of a stage -> formed when full, when its time is over, or of what waits anyway', async t => {
  const server = createFakeTransport()
  const batch = { maxItems: 3, maxWaitMs: 100 }
  const { ask, timers, chain } = rig({ transports: [server], options: { maxInFlight: 6, stages: { judge: { batch } } } })
  const judge = { stage: 'judge', stageIndex: 2 }
  const answers = ['a', 'b', 'c', 'd'].map(text => ask(text, judge))
  answers.push(ask('other'))
  await settle()
  t.same(server.sent.map(({ texts }) => texts), [['a', 'b', 'c'], ['other']], 'others do not wait for a batch')
  await timers.advance(99)
  t.equal(server.sent.length, 2)
  await timers.advance(1)
  t.same([server.sent[2]!.texts, chain.inFlight()], [['d'], 5])
  for (const text of ['e', 'f', 'g', 'h', 'i']) answers.push(ask(text, judge))
  await timers.advance(100)
  t.same(server.sent.slice(3).map(({ texts }) => texts), [['e']], 'as many as there are places')
  for (const sent of server.sent.slice()) sent.answer('fine')
  await settle()
  t.same(server.sent.slice(4).map(({ texts }) => texts), [['f', 'g', 'h'], ['i']])
  for (const sent of server.sent) sent.answer('fine')
  t.equal((await Promise.all(answers)).length, 10)
})

t.test('batch of which members fail -> each is tried again alone', async t => {
  const server = createFakeTransport('http://one', (request, number) => number === 0 && textOf(request) !== 'b' ? failure('server-failed') : fine(request))
  const { ask, timers } = rig({ transports: [server], options: { stages: { judge: { batch: { maxItems: 3, maxWaitMs: 1 } } } } })
  const answers = ['a', 'b', 'c'].map(text => ask(text, { stage: 'judge' }))
  await timers.advance(1000)
  t.same(await Promise.all(answers), ['re a', 're b', 're c'])
  t.same(server.sent.map(({ texts }) => texts), [['a', 'b', 'c'], ['a'], ['c']])
})

t.test('a true server with every passing fault -> lost 0', async t => {
  const faults: readonly Behaviour[] = [
    { kind: 'cut', where: 'start' }, { kind: 'cut', where: 'headers' }, { kind: 'cut', where: 'body' }, { kind: 'half-json' },
    { kind: 'status', status: 500 }, { kind: 'status', status: 502, body: '<html>' }, { kind: 'status', status: 503 }, { kind: 'status', status: 429, headers: { 'retry-after': '0.01' } },
    { kind: 'status', status: 200, body: 'Welcome' }, { kind: 'answer', choice: { finish_reason: 'abort' } }, { kind: 'answer', choice: { finish_reason: null } }, { kind: 'stall' }
  ]
  const failed = new Set<unknown>()
  const server = await startMisbehavingServer(({ body }) => {
    const text = (body.messages as Array<{ content: string }>)[0]!.content
    const fault = faults[Number(text)]
    if (fault === undefined || failed.has(text)) return { kind: 'answer', text: `re ${text}` }
    failed.add(text)
    return fault
  })
  const chain = createModelChain({
    name: 'm', transports: [createVllmTransport({ url: server.url })], log: silent,
    options: { maxInFlight: 8, deadlineMs: 300, retry: { baseMs: 20 } }
  })
  const texts = Array.from({ length: faults.length + 4 }, (_, at) => String(at))
  const answers = await Promise.all(texts.map(async text => (await chain.complete(requestOf(text), createFakeContext())).text))
  t.same(answers, texts.map(text => `re ${text}`))
  t.equal(server.requests.length, texts.length + faults.length)
  t.same(chain.stats().retries, { 'connection-lost': 3, 'response-invalid': 3, 'server-failed': 2, 'server-busy': 2, 'answer-aborted': 1, 'deadline-exceeded': 1 })
  await chain.close()
  await server.close()
})

t.test('offline -> what the journal has is answered, all else is rejected, told with what led to it; nothing is sent', async t => {
  const store = createMemoryStore()
  const online = createJournal({ store, nonce: 'a', log: silent })
  const server = createFakeTransport('http://one', fine)
  await rig({ transports: [server], journal: online }).ask('known')
  await online.end()
  const journal = createJournal({ store, nonce: 'b', log: silent })
  const { chain, ask, events } = rig({ transports: [], journal, offline: true })
  t.equal(await ask('known'), 're known')
  await t.rejects(ask('new', { stage: 'judge' }), { code: 'journal-missed', message: 'no journal has the answer to this request of judge' })
  const failure = new GemlineError('answer-malformed', 'no JSON')
  await t.rejects(ask('again', { stage: 'judge', attempt: 1, failure }), { code: 'journal-missed', message: /, attempt 1 after answer-malformed: no JSON$/ })
  t.same(kinds(events), ['journal-hit'])
  t.match(journal.stats(), { hits: 1, misses: 2, written: 0 })
  t.match(chain.stats(), { calls: 0, servers: [] })
  t.equal(server.sent.length, 1)
  t.equal(await codeOf(rig({ transports: [], offline: true }).ask('known')), 'journal-missed', 'without a journal')
  await chain.close()
})

t.test('a true server that goes away and comes back -> the call waits for it', async t => {
  const first = await startMisbehavingServer(() => ({ kind: 'cut', where: 'start' }))
  const port = Number(new URL(first.url).port)
  await first.close()
  const timers = createManualTimers()
  const events: ModelEvent[] = []
  const chain = createModelChain({ name: 'm', transports: [createVllmTransport({ url: first.url })], log: silent, timers, onEvent: event => events.push(event) })
  const asked = chain.complete(requestOf('a'), createFakeContext())
  while (!events.some(({ kind }) => kind === 'paused')) await settle()
  const second = await startMisbehavingServer(() => ({ kind: 'answer' }), port)
  await timers.advance(1000)
  t.equal((await asked).text, 'fine')
  await chain.close()
  await second.close()
})
