import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { startEmbeddedServer } from '../../connectors/embedded-vllm/index.js'
import { doctorCommand } from '../../lib/app/commands/doctor.js'
import { loadConfig } from '../../lib/app/config.js'
import { compareClocks } from '../../lib/app/doctor/check-clock.js'
import type { Check } from '../../lib/app/doctor/check.js'
import { checkNode, examine, type ExamineOptions } from '../../lib/app/doctor/examine.js'
import { widthOf } from '../../lib/app/terminal/width.js'
import { startMisbehavingServer, type Behaviour, type SeenRequest } from '../support/misbehaving-server.js'
import { DOCUMENTS, embeddedConfig, runInMemory, temporaryFolder } from './in-memory.js'

type Settings = ReadonlyArray<readonly [string, unknown]>

const COLUMNS = ['source.columns', { text: 'content' }] as const

async function place (t: Parameters<typeof temporaryFolder>[0], lines: readonly string[] = DOCUMENTS.map(content => JSON.stringify({ content }))): Promise<{ folder: string, set: Settings }> {
  const folder = await temporaryFolder(t)
  await writeFile(join(folder, 'docs.jsonl'), lines.join('\n'))
  return { folder, set: embeddedConfig(join(folder, 'docs.jsonl'), join(folder, 'deep', 'out'), [COLUMNS]) }
}

/** Every check by name: its status. */
async function statuses (set: Settings, options: Partial<ExamineOptions> = {}): Promise<Record<string, Check>> {
  const checks: Record<string, Check> = {}
  const config = () => loadConfig({ set: structuredClone(set), env: {} })
  for await (const check of examine({ config, stdin: process.stdin, signal: new AbortController().signal, patienceMs: 5000, ...options })) checks[check.check] = check
  return checks
}

const only = (checks: Record<string, Check>, status: Check['status']): string[] => Object.values(checks).filter(check => check.status === status).map(({ check }) => check)

t.test('a config that works -> fit to run, exit 0; what is no model is said; nothing is left behind', async t => {
  const { folder, set } = await place(t)
  const { code, out } = await runInMemory(doctorCommand, { options: { json: true }, set })
  const { fit, checks } = JSON.parse(out) as { fit: boolean, checks: Check[] }
  t.strictSame({ code, fit }, { code: 0, fit: true })
  t.strictSame(checks.map(({ check }) => check), [
    'node', 'config', 'prompts', 'stages', 'model-author', 'synthesizer-trained', 'licence', 'source', 'output', 'disk', 'endpoint:default', 'model:default', 'clock:default'
  ])
  t.strictSame(checks.filter(({ status }) => status === 'fail'), [])
  t.match(checks.find(({ check }) => check === 'model-author'), { status: 'warn', message: /rules and is no language model/ })
  t.match(checks.find(({ check }) => check === 'synthesizer-trained'), { status: 'warn', message: /zero-shot/ })
  t.strictSame(await readdir(folder), ['docs.jsonl'], 'the folders of the output are gone again')
})

t.test('a source without a licence -> fail that says which key', async t => {
  const { set } = await place(t)
  t.match((await statuses([...set, ['source.licence', undefined]]))['licence'], { status: 'fail', message: /^corpus: nothing says/, advice: /source\.licence/ })
})

t.test('a trained synthesizer asked with all the rules, or another one with the short prompt -> warned', async t => {
  const { set } = await place(t)
  const zeroShot: Settings = [['models.default.trained', true], ['stages.synthesize.prompt', 'synthesize/zero-shot']]
  t.match((await statuses([...set, ...zeroShot]))['synthesizer-prompt'], { status: 'warn', message: /not asked with `synthesize\/short`/ })
  t.match((await statuses([...set, ['stages.synthesize.prompt', 'synthesize/short@v1']]))['synthesizer-prompt'], { status: 'warn', message: /only a model that was trained on it understands/ })
  t.equal((await statuses([...set, ['models.default.trained', true]]))['synthesizer-prompt'], undefined)
})

t.test('an output that is there -> stays as it is', async t => {
  const { folder, set } = await place(t)
  await mkdir(join(folder, 'deep', 'out'), { recursive: true })
  t.equal((await statuses(set))['output']?.status, 'ok')
  t.strictSame(await readdir(join(folder, 'deep', 'out')), [])
})

t.test('for people -> a line each with what to do, exit 1, no colour unless asked for', async t => {
  const { folder } = await place(t)
  const set = embeddedConfig(join(folder, 'gone.jsonl'), join(folder, 'out'))
  const { code, out } = await runInMemory(doctorCommand, { set, columns: 70 })
  t.equal(code, 1)
  t.match(out, /^fail {2}source: .*gone\.jsonl/m)
  t.match(out, /^ {6}→ Nothing to read/m)
  t.match(out, /^not fit to run: \d+ ok, \d+ warnings, 1 failures$/m)
  t.notOk(out.includes('\u001b'))
  t.strictSame(out.split('\n').filter(line => widthOf(line) > 70), [])
})

t.test('config or prompts that are wrong -> fail, and nothing more is looked at', async t => {
  const { set } = await place(t)
  const cases = [
    { name: 'an unknown key', set: [...set, ['piepline', 'teacher']], check: 'config', message: /piepline: unknown key; did you mean pipeline/ },
    { name: 'no such prompt', set: [...set, ['stages.judge.prompt', 'judge/other']], check: 'stages', message: /no prompt judge\/other/ },
    { name: 'no such model', set: [...set, ['stages.judge.model', 'nobody']], check: 'stages', message: /there is no model nobody/ }
  ] as const
  for (const { name, set: wrong, check, message } of cases) {
    const checks = await statuses(wrong as Settings)
    t.strictSame(only(checks, 'fail'), [check], name)
    t.match(checks[check]?.message, message, name)
    t.equal(checks['source'], undefined, name)
  }
})

t.test('sources -> read as the run would', async t => {
  const cases = [
    { name: 'no documents', lines: ['{"other": 1}'], status: 'fail', message: /none of the first rows is a document \(.*docs\.jsonl line 1/ },
    { name: 'mostly no documents', lines: [JSON.stringify({ content: 'x' }), 'a', 'b'], status: 'warn', message: /only 1 of the first 3/ },
    { name: 'nothing', lines: [''], status: 'fail', message: /docs\.jsonl/ }
  ]
  for (const { name, lines, status, message } of cases) {
    const { set } = await place(t, lines)
    t.match((await statuses(set))['source'], { status, message }, name)
  }
  const { set } = await place(t)
  t.equal((await statuses([...set, ['source.uri', '-']]))['source']?.status, 'skip')
  t.strictSame(only(await statuses([...set, ['out', '-']]), 'skip'), ['output', 'disk'])
})

t.test('an output that cannot be written -> fail', async t => {
  const { folder, set } = await place(t)
  const checks = await statuses([...set, ['out', join(folder, 'docs.jsonl', 'below')]])
  t.match(checks['output'], { status: 'fail', message: /docs\.jsonl/ })
})

/** A server that does as `behave` says, as the only model. */
async function withServer (t: Parameters<typeof temporaryFolder>[0], behave: (request: SeenRequest) => Behaviour, more: Settings = []): Promise<{ set: Settings, server: Awaited<ReturnType<typeof startMisbehavingServer>> }> {
  const server = await startMisbehavingServer(behave)
  t.teardown(() => server.close())
  const { set } = await place(t)
  return { server, set: [...set, ['models.default', { name: 'm', maxModelLength: 4096, endpoints: [server.url], trained: true }], ...more] }
}

const asSchemaSays = ({ body }: SeenRequest): Behaviour => {
  const format = body['response_format'] as { json_schema: { schema: { properties: { probe: { enum: string[] } } } } }
  return { kind: 'answer', text: JSON.stringify({ probe: format.json_schema.schema.properties.probe.enum[0] }) }
}

t.test('servers -> alive, with the model, long enough', async t => {
  const small = { 'stages.synthesize.maxTokens': 512, 'stages.filter.maxTokens': 64, 'stages.judge.maxTokens': 64 }
  const { server, set } = await withServer(t, () => ({ kind: 'answer' }), Object.entries(small))
  t.strictSame(only(await statuses(set), 'fail'), [])
  t.strictSame(only(await statuses(set), 'warn'), [])
  t.equal(server.requests.length, 0, 'no stage asks for structured output: no token is spent')

  const longer = await statuses([...set, ['models.default.maxModelLength', 8192]])
  t.match(longer['model:default'], { status: 'fail', message: 'm is served with a context of 4096 tokens, the config says 8192', advice: /--max-model-len 8192/ })

  const greedy = await statuses([...set, ['stages.synthesize.minTokens', 3000], ['stages.synthesize.maxTokens', 4000]])
  t.match(greedy['model:default'], { status: 'warn', message: /room for 3000 of 4096/ })

  server.models = ['other']
  t.match((await statuses(set))['model:default'], { status: 'fail', message: /does not serve m; it serves other/ })
  server.health = 503
  t.match((await statuses(set))['endpoint:default'], { status: 'fail', message: /does not answer/ })
  await server.close()
  t.strictSame(only(await statuses(set), 'fail'), ['endpoint:default'])
})

t.test('structured output and thinking -> what the server does decides', async t => {
  const wanted: Settings = [['stages.judge.structured', true]]
  const thinking: Settings = [...wanted, ['stages.judge.thinking', 'on']]
  const cases: ReadonlyArray<{ name: string, behave: (request: SeenRequest) => Behaviour, more: Settings, status: Check['status'] }> = [
    { name: 'enforced', behave: asSchemaSays, more: wanted, status: 'ok' },
    { name: 'ignored', behave: () => ({ kind: 'answer', text: 'The sea is blue.' }), more: wanted, status: 'warn' },
    { name: 'JSON, but of another schema', behave: () => ({ kind: 'answer', text: '{"sentence":"The sea is blue."}' }), more: wanted, status: 'warn' },
    { name: 'refused', behave: () => ({ kind: 'status', status: 400, body: '{"error":{"message":"no grammar","type":"BadRequestError","code":400}}' }), more: wanted, status: 'fail' },
    { name: 'enforced after the reasoning', behave: request => ({ ...asSchemaSays(request), message: { reasoning: 'I think.' } } as Behaviour), more: thinking, status: 'ok' },
    { name: 'thinking, and the reasoning comes as the answer', behave: () => ({ kind: 'answer', text: '<think>Sea.</think>The sea is blue.' }), more: thinking, status: 'fail' },
    { name: 'thinking, and no end of it', behave: () => ({ kind: 'answer', text: '', message: { reasoning: 'hm' }, choice: { finish_reason: 'length' } }), more: thinking, status: 'warn' }
  ]
  for (const { name, behave, more, status } of cases) {
    const { server, set } = await withServer(t, behave, more)
    const checks = await statuses(set)
    t.equal(checks['structured:judge']?.status, status, `${name}: ${checks['structured:judge']?.message}`)
    const kwargs = server.requests[0]?.body['chat_template_kwargs']
    t.strictSame(kwargs, { enable_thinking: more === thinking }, `${name}: asked as the stage would ask`)
  }
})

t.test('the embedded server, asked for structure while thinking -> enforces it', async t => {
  const server = await startEmbeddedServer({ models: ['m'] })
  t.teardown(() => server.close())
  const { set } = await place(t)
  const checks = await statuses([...set, ['models.default', { name: 'm', preset: 'embedded', endpoints: [server.url] }], ['stages.judge.structured', true], ['stages.judge.thinking', 'on']])
  t.equal(checks['structured:judge']?.status, 'ok')
})

t.test('a key -> in no line, whatever fails', async t => {
  const server = await startEmbeddedServer({ models: ['m'], apiKey: 'right' })
  t.teardown(() => server.close())
  const { set } = await place(t)
  const model = { name: 'm', preset: 'embedded', endpoints: [server.url], apiKey: 'sk-wrong-secret' }
  const checks = await statuses([...set, ['models.default', model]])
  t.match(checks['model:default'], { status: 'fail', advice: /apiKey/ })
  t.notOk(JSON.stringify(checks).includes('sk-wrong-secret'))
})

t.test('clocks -> a minute apart is too much', async t => {
  const now = new Date('2026-01-01T12:00:00Z')
  const cases = [
    { header: 'Thu, 01 Jan 2026 12:00:30 GMT', status: 'ok' },
    { header: 'Thu, 01 Jan 2026 12:02:00 GMT', status: 'warn' },
    { header: 'Thu, 01 Jan 2026 11:58:00 GMT', status: 'warn' },
    { header: 'noon', status: 'skip' },
    { header: undefined, status: 'skip' }
  ]
  for (const { header, status } of cases) t.equal(compareClocks('clock', header, now).status, status, header ?? 'no header')
  const { set } = await place(t)
  t.equal((await statuses(set, { now: () => new Date(Date.now() + 3_600_000) }))['clock:default']?.status, 'warn')
})

t.test('versions of Node -> 20.18.1 and later', async t => {
  const cases = [
    { version: '20.18.1', status: 'ok' }, { version: '20.18.0', status: 'fail' }, { version: '18.20.4', status: 'fail' },
    { version: '20.9.5', status: 'fail' }, { version: '20.19.0', status: 'ok' }, { version: '24.0.0', status: 'ok' }
  ]
  for (const { version, status } of cases) t.equal(checkNode(version).status, status, version)
})
