/* eslint-disable no-template-curly-in-string -- they are what is tested */
import t, { type Test } from 'tap'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { loadConfig, parseSetting } from '../../lib/app/config.js'
import type { Config } from '../../lib/app/config-schema.js'
import { Secret } from '../../lib/app/secret.js'

const BASE = 'source: { uri: x }\nmodels: { default: { name: m, endpoints: embedded, preset: embedded } }\n'
const model = (more: string): string => `source: { uri: x }\nmodels: { default: { name: m, endpoints: embedded, ${more} } }\n`

interface Given { readonly yaml?: string, readonly set?: ReadonlyArray<readonly [string, unknown]>, readonly env?: Record<string, string> }

let files = 0

async function load (t: Test, { yaml = BASE, set = [], env = {} }: Given): Promise<Config> {
  const folder = t.testdir({ [`c${++files}.yaml`]: yaml })
  return await loadConfig({ file: join(folder, `c${files}.yaml`), set, env })
}

/** What an error says behind the name of the file, its lines as a list. */
async function complaint (t: Test, given: Given): Promise<string[]> {
  const error = await load(t, given).then(() => undefined, error => error as Error & { code?: string })
  t.equal(error?.code, 'config-invalid', JSON.stringify(given))
  return (error?.message ?? '').replace(/^\S*\.yaml(?:, | |:\s*)/, '').split('\n').map(line => line.trim())
}

t.test('least config -> every default', async t => {
  const config = await load(t, {})
  t.match(config, {
    pipeline: 'synthesizer',
    source: { name: 'source', uri: 'x', maxTextBytes: 1_048_576 },
    out: 'out/run',
    sink: { format: 'jsonl', codec: 'snappy', keepText: true, rejects: 'full' },
    models: { default: { name: 'm', endpoints: 'embedded', dialect: 'vllm', trained: false, maxInFlight: 256, deadlineSeconds: 1800 } },
    stages: { filter: { answerRetries: 1, batch: 1 }, extract: { workflows: 'first', maxWorkflows: 8 }, refine: { enabled: true }, validate: { minToolCalls: 2, rules: {} }, judge: { enabled: true, mode: 'drop' } },
    dedup: { texts: true, trajectories: true },
    concurrency: 256,
    window: 65_536,
    log: 'warn'
  })
})

t.test('an unknown key at any level -> named by its path, with the nearest known one', async t => {
  const cases = [
    { yaml: `${BASE}pipline: teacher`, says: 'pipline: unknown key; did you mean pipeline?' },
    { yaml: 'source: { url: x }\nmodels: {}', says: 'source.url: unknown key; did you mean uri?' },
    { yaml: model('endpoint: []'), says: 'models.default.endpoint: unknown key; did you mean endpoints?' },
    { yaml: model('apikey: x'), says: 'models.default.apikey: unknown key; did you mean apiKey?' },
    { yaml: `${BASE}stages: { juge: {} }`, says: 'stages.juge: unknown key; did you mean judge?' },
    { yaml: `${BASE}stages: { judge: { temprature: 1 } }`, says: 'stages.judge.temprature: unknown key; did you mean temperature?' },
    { yaml: `${BASE}stages: { filter: { preFilter: { minCharcters: 1 } } }`, says: 'stages.filter.preFilter.minCharcters: unknown key; did you mean minCharacters?' },
    { yaml: `${BASE}stages: { judge: { thinking: { budget: 9, buget: 9 } } }`, says: 'stages.judge.thinking.buget: unknown key; did you mean budget?' },
    { yaml: `${BASE}stages: { validate: { rules: { groundin: drop } } }`, says: 'stages.validate.rules.groundin: unknown key; did you mean grounding?' },
    { yaml: `${BASE}sink: { s3: { endpont: x } }`, says: 'sink.s3.endpont: unknown key; did you mean endpoint?' },
    { yaml: 'source: { uri: x, columns: { text: a, tile: b } }\nmodels: {}', says: 'source.columns.tile: unknown key; did you mean title?' },
    { yaml: `${BASE}dedup: { zzzzzzzzzzzz: 1 }`, says: 'dedup.zzzzzzzzzzzz: unknown key; known are texts, trajectories, maxKeys' }
  ]
  for (const { yaml, says } of cases) t.ok((await complaint(t, { yaml })).includes(says), says)
})

t.test('a value of the wrong type or out of bounds -> its path, and what is expected', async t => {
  const cases = [
    { yaml: '', says: ['source: Invalid input: expected object, received undefined', 'models: Invalid input: expected record, received undefined'] },
    { yaml: `${BASE}concurrency: many`, says: ['concurrency: Invalid input: expected number, received string'] },
    { yaml: `${BASE}concurrency: 0`, says: ['concurrency: Too small: expected number to be >=1'] },
    { yaml: `${BASE}stages: 3`, says: ['stages: Invalid input: expected object, received number'] },
    { yaml: `${BASE}stages: { judge: { temperature: 3 } }`, says: ['stages.judge.temperature: Too big: expected number to be <=2'] },
    { yaml: `${BASE}stages: { judge: { thinking: maybe } }`, says: ['stages.judge.thinking: Invalid option: expected one of "off"|"on"; or Invalid input: expected object, received string'] },
    { yaml: `${BASE}stages: { judge: { thinking: { budget: 0 } } }`, says: ['stages.judge.thinking.budget: Too small: expected number to be >=1'] },
    { yaml: `${BASE}stages: { filter: { preFilter: true } }`, says: ['stages.filter.preFilter: Invalid input: expected false; or Invalid input: expected object, received boolean'] },
    { yaml: `${BASE}stages: { validate: { rules: { grounding: maybe } } }`, says: ['stages.validate.rules.grounding: Invalid option: expected one of "off"|"report"|"drop"'] },
    { yaml: 'source: { uri: x }\nmodels: { a: { name: m, endpoints: 5 } }', says: ['models.a.endpoints: Invalid input: expected "embedded"; or Invalid input: expected array, received number'] },
    { yaml: 'source: { uri: x }\nmodels: { a: { name: m, endpoints: [] } }', says: ['models.a.endpoints: Too small: expected array to have >=1 items'] },
    { yaml: 'source: { uri: x }\nmodels: { a: { name: m, endpoints: [b, 4] } }', says: ['models.a.endpoints.1: Invalid input: expected string, received number'] },
    { yaml: 'source: { uri: x }\nmodels: { Big: { name: m, endpoints: embedded } }', says: ['models.Big: Invalid string: must match pattern /^[a-z][\\w-]*$/'] }
  ]
  for (const { yaml, says } of cases) t.strictSame(await complaint(t, { yaml }), says, yaml)
})

t.test('YAML that is wrong or wants to do harm -> refused with its place, nothing of it quoted', async t => {
  const bomb = ['a: &a [x,x,x,x,x,x,x,x,x,x]', ...['b', 'c', 'd', 'e'].map((name, at) => `${name}: &${name} [${Array.from({ length: 10 }, () => `*${'abcde'[at]}`).join()}]`)].join('\n')
  const cases = [
    { yaml: 'a: 1\nb: 2\na: 3', says: 'line 3, column 1: Map keys must be unique' },
    { yaml: 'a: "x', says: 'line 1, column 6: Missing closing "quote' },
    { yaml: 'a: { b: 1 } }', says: 'line 1, column 13: Unexpected flow-map-end token in YAML stream' },
    { yaml: 'a: 1\n---\nb: 2', says: 'line 2, column 1: Source contains multiple documents; please use YAML.parseAllDocuments()' },
    { yaml: bomb, says: 'Excessive alias count indicates a resource exhaustion attack' },
    { yaml: 'a: *nowhere', says: 'Unresolved alias (the anchor must be set before the alias)' },
    { yaml: '- a', says: 'holds no keys' },
    { yaml: 'text', says: 'holds no keys' },
    { yaml: `${BASE}__proto__: { log: debug }`, says: '__proto__ is no key' },
    { yaml: 'source: { uri: x, constructor: 1 }\nmodels: {}', says: 'source.constructor is no key' },
    { yaml: 'source: { uri: x }\nmodels: { __proto__: { name: m, endpoints: embedded } }', says: 'models.__proto__ is no key' }
  ]
  for (const { yaml, says } of cases) t.match((await complaint(t, { yaml })).join('\n'), says, yaml.slice(0, 40))
  t.equal(({} as { log?: string }).log, undefined)
  await t.rejects(loadConfig({ file: join(t.testdir(), 'none.yaml') }), { code: 'config-invalid', message: /none\.yaml cannot be read/ })
})

t.test('${NAME} -> taken from the environment in strings of every depth, once', async t => {
  const config = await load(t, {
    yaml: "source: { uri: '${A}/${B}-$C-${}' }\nmodels: { default: { name: '${NESTED}', endpoints: ['http://${A}:1', '${B}'], apiKey: '${KEY}' } }\n'out': '${PROTO}'",
    env: { A: 'one', B: 'two', NESTED: '${A}', KEY: 'secret', PROTO: '$& $1' }
  })
  t.equal(config.source.uri, 'one/two-$C-${}')
  t.strictSame([config.models['default']?.name, config.models['default']?.endpoints, config.out], ['${A}', ['http://one:1', 'two'], '$& $1'])
  t.equal(config.models['default']?.apiKey?.reveal(), 'secret')
  const missing = { yaml: "source: { uri: x }\nmodels: { default: { name: m, endpoints: ['a', 'http://${HOST}'] } }", env: { OTHER: 'x' } }
  t.strictSame(await complaint(t, missing), ['models.default.endpoints[1] wants the environment variable HOST, which is not set'])
})

t.test('key=value of --set -> path and YAML value', async t => {
  const cases: ReadonlyArray<{ readonly setting: string, readonly gives: readonly [string, unknown] }> = [
    { setting: 'a.b=1', gives: ['a.b', 1] },
    { setting: 'a=-0.5', gives: ['a', -0.5] },
    { setting: 'a=true', gives: ['a', true] },
    { setting: 'a=off', gives: ['a', 'off'] },
    { setting: "a='7'", gives: ['a', '7'] },
    { setting: 'a=[1, x, {b: c}]', gives: ['a', [1, 'x', { b: 'c' }]] },
    { setting: 'a={budget: 100}', gives: ['a', { budget: 100 }] },
    { setting: 'a=x=y==', gives: ['a', 'x=y=='] },
    { setting: 'a=https://host:1/x?y=z#w', gives: ['a', 'https://host:1/x?y=z#w'] },
    { setting: 'a=', gives: ['a', null] },
    { setting: 'a=${HOME}', gives: ['a', '${HOME}'] }
  ]
  for (const { setting, gives } of cases) t.strictSame(parseSetting(setting), gives, setting)
  for (const setting of ['a', '', '=x', 'a=[', 'a=b: c']) t.throws(() => parseSetting(setting), { code: 'config-invalid', message: /^--set / }, setting)
})

t.test('settings -> stronger than the file, later ones than earlier ones, at paths that the file does not have too', async t => {
  const config = await load(t, { set: [['log', 'debug'], ['log', 'error'], ['stages.judge.mode', 'report'], ['models.judge', { name: 'j', endpoints: ['http://h'] }], ['models.judge.trained', true], ['source.uri', '${A}']] })
  t.match(config, { log: 'error', stages: { judge: { mode: 'report' } }, models: { judge: { name: 'j', trained: true }, default: { name: 'm' } }, source: { uri: '${A}' } })
  const cases = [
    { set: [['stages.judge.mod', 'drop']] as const, says: 'stages.judge.mod: unknown key; did you mean mode?' },
    { set: [['concurrency.x', 1]] as const, says: 'concurrency: Invalid input: expected number, received object' },
    { set: [['models.__proto__.name', 'x']] as const, says: '__proto__ is no key' },
    { set: [['constructor.prototype.x', 1]] as const, says: 'constructor is no key' }
  ]
  for (const { set, says } of cases) t.strictSame(await complaint(t, { set }), [says])
})

t.test('a secret -> in no printed form, and in no message about a wrong config', async t => {
  const CANARY = 'CANARY-7f3a'
  const secret = new Secret(CANARY)
  const printed = [`${secret}`, String(secret), JSON.stringify({ secret }), inspect({ secret }, { showHidden: true, depth: 9 }), JSON.stringify(Object.entries(secret)), JSON.stringify(structuredClone(secret))]
  for (const text of printed) t.notMatch(text, CANARY)
  t.equal(secret.reveal(), CANARY)
  const cases: readonly Given[] = [
    { yaml: `models:\n  default:\n    apiKey: "${CANARY}\n` },
    { yaml: `models: { default: { apiKey: ${CANARY} } } }` },
    { yaml: `models: { default: { apiKey: *${CANARY} } }` },
    { yaml: `models: { default: { apiKey: x: ${CANARY} } }` },
    { yaml: `models: { default: { apiKey: &a &b ${CANARY} } }` },
    { yaml: `models:\n  default:\n    apiKey: ${CANARY}\n   name: x` },
    { yaml: `apiKey: !!binary ${CANARY}\nb: @` },
    { yaml: model(`apiKey: [${CANARY}]`) },
    { yaml: model(`apiKey: { a: ${CANARY} }`) },
    { yaml: model(`apiKey: ${CANARY}, dialect: other`) },
    { yaml: model(`apikey: ${CANARY}`) },
    { yaml: model(`dialect: ${CANARY}`) },
    { yaml: `source: { uri: x }\nmodels: ${CANARY}` },
    { yaml: model("apiKey: '${KEY}', maxInFlight: '${KEY}'"), env: { KEY: CANARY } },
    { set: [['models.default.apiKey', [CANARY]]] },
    { set: [['models.default.apiKey.x', CANARY]] }
  ]
  for (const given of cases) t.notMatch((await complaint(t, given)).join('\n'), CANARY, JSON.stringify(given))
  for (const setting of [`models.a.apiKey=[${CANARY}`, `=${CANARY}`, `models.a.apiKey="${CANARY}`, `models.a.apiKey=a: ${CANARY}`, `models.a.apiKey=*${CANARY}`]) {
    t.throws(() => parseSetting(setting), { code: 'config-invalid', message: /^(?!.*CANARY)/s }, setting)
  }
})
