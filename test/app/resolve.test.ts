import t from 'tap'
import { loadConfig } from '../../lib/app/config.js'
import { configSchema } from '../../lib/app/config-schema.js'
import { resolveConfig, type ResolvedConfig } from '../../lib/app/resolve.js'
import { resultKeysOf } from '../../lib/app/result-keys.js'
import { walkSchema } from '../../lib/app/schema-walk.js'
import { loadPrompts } from '../../lib/prompt/index.js'

const prompts = await loadPrompts()
const BASE = [
  ['source.uri', 'data'],
  ['models.default', { name: 'm', preset: 'qwen3-8b', endpoints: ['http://127.0.0.1:1'], apiKey: 'canary-7f3a' }]
] as const

async function resolve (...set: ReadonlyArray<readonly [string, unknown]>): Promise<ResolvedConfig> {
  return resolveConfig(await loadConfig({ set: structuredClone([...BASE, ...set]), env: {} }), prompts)
}

const settings = (resolved: ResolvedConfig, stage: 'filter' | 'synthesize' | 'judge') => {
  const { thinking, temperature, topP, topK, maxTokens, minTokens, jsonSchema } = resolved.stages.get(stage)!.settings
  return { thinking, temperature, topP, topK, maxTokens, minTokens, schema: jsonSchema !== undefined }
}

t.test('config, preset, prompt -> the stronger wins', async t => {
  const cases: Array<{ title: string, set: ReadonlyArray<readonly [string, unknown]>, stage: 'filter' | 'synthesize' | 'judge', want: ReturnType<typeof settings> }> = [
    { title: 'preset over prompt', set: [], stage: 'synthesize', want: { thinking: 'off', temperature: 0.7, topP: 0.8, topK: 20, maxTokens: 24576, minTokens: 6144, schema: false } },
    { title: 'sampling of a model that thinks', set: [['stages.synthesize.thinking', 'on']], stage: 'synthesize', want: { thinking: 'on', temperature: 0.6, topP: 0.95, topK: 20, maxTokens: 24576, minTokens: 6144, schema: false } },
    { title: 'config over preset', set: [['stages.synthesize', { temperature: 0.1, topP: 1, topK: 0, maxTokens: 100, minTokens: 10 }]], stage: 'synthesize', want: { thinking: 'off', temperature: 0.1, topP: 1, topK: 0, maxTokens: 100, minTokens: 10, schema: false } },
    { title: 'a prompt that wants a decision over the preset', set: [], stage: 'filter', want: { thinking: 'off', temperature: 0, topP: 1, topK: 0, maxTokens: 400, minTokens: 100, schema: false } },
    { title: 'structured judge', set: [['stages.judge.structured', true]], stage: 'judge', want: { thinking: 'off', temperature: 0, topP: 1, topK: 0, maxTokens: 4096, minTokens: 1024, schema: true } }
  ]
  for (const { title, set, stage, want } of cases) t.same(settings(await resolve(...set), stage), want, title)
})

t.test('pipeline and switches -> the stages that ask a model', async t => {
  const cases: Array<{ set: ReadonlyArray<readonly [string, unknown]>, want: string[] }> = [
    { set: [], want: ['filter', 'synthesize', 'judge'] },
    { set: [['pipeline', 'teacher']], want: ['filter', 'extract', 'generate', 'refine', 'judge'] },
    { set: [['pipeline', 'teacher'], ['stages.refine.enabled', false], ['stages.judge.enabled', false]], want: ['filter', 'extract', 'generate'] },
    { set: [['source.preset', 'wikihow']], want: ['synthesize', 'judge'] },
    { set: [['source.preset', 'wikihowSep'], ['stages.filter.enabled', true]], want: ['filter', 'synthesize', 'judge'] },
    { set: [['stages.filter.enabled', false]], want: ['synthesize', 'judge'] }
  ]
  for (const { set, want } of cases) t.same([...(await resolve(...set)).stages.keys()], want, JSON.stringify(set))
})

t.test('what is missing -> config-invalid names the key', async t => {
  const noDefault = [['source.uri', 'data'], ['models.filter', { name: 'm', preset: 'qwen3-8b', endpoints: ['http://127.0.0.1:1'] }]] as const
  const from = async (set: ReadonlyArray<readonly [string, unknown]>) => resolveConfig(await loadConfig({ set: structuredClone([...set]), env: {} }), prompts)
  await t.rejects(from(noDefault), { code: 'config-invalid', message: /stages\.synthesize\.model: there is no model synthesizer/ })
  await t.rejects(from([['source.uri', 'x'], ['models.default', { name: 'm', endpoints: ['http://127.0.0.1:1'] }]]), { code: 'config-invalid', message: /models\.default\.maxModelLength/ })
  await t.rejects(resolve(['stages.judge.prompt', 'judge/nope']), { code: 'prompt-invalid', message: /judge\/nope/ })
})

t.test('every key -> marked as result or running', async t => {
  for (const { path, change } of walkSchema(configSchema)) {
    if (!['source', 'sink', 'stages', 'dedup'].includes(path)) t.ok(change === 'result' || change === 'running', path)
  }
})

t.test('running keys -> never decide a result; result keys -> always do', async t => {
  const before = (await resolve()).resultKeys
  const running: ReadonlyArray<readonly [string, unknown]> = [
    ['out', 'elsewhere'], ['source.uri', 's3://b/data'], ['concurrency', 3], ['window', 9], ['heldMegabytes', 1], ['drainSeconds', 1], ['journal', 'old'],
    ['log', 'debug'], ['dedup.maxKeys', 5], ['models.default.endpoints', ['http://127.0.0.1:2']], ['models.default.apiKey', 'other'],
    ['models.default.maxInFlight', 9], ['models.default.deadlineSeconds', 9], ['models.default.dialect', 'openai'], ['stages.judge.concurrency', 2]
  ]
  for (const setting of running) t.same((await resolve(setting)).resultKeys, before, setting[0])
  const result: ReadonlyArray<readonly [string, unknown]> = [
    ['pipeline', 'teacher'], ['source.name', 'other'], ['source.preset', 'ultra-fineweb'], ['source.maxTextBytes', 9], ['sink.keepText', false],
    ['sink.rejects', 'counts'], ['dedup.texts', false], ['models.default.name', 'n'], ['models.default.revision', 'r'], ['models.default.trained', true],
    ['models.default.maxModelLength', 999], ['stages.judge.mode', 'report'], ['stages.judge.temperature', 0.5], ['stages.judge.batch', 8],
    ['stages.filter.preFilter', false], ['stages.synthesize.maxTokens', 99], ['stages.synthesize.answerRetries', 0],
    ['stages.validate.minToolCalls', 3], ['sample', { rows: 5 }], ['sample', { rows: 5, groups: 2 }], ['limit', 5], ['stages.validate.rules', { grounding: 'report' }]
  ]
  for (const setting of result) t.notSame((await resolve(setting)).resultKeys, before, setting[0])
})

t.test('result keys -> hold no secret and nothing of the other pipeline', async t => {
  const { config, resultKeys } = await resolve()
  t.notMatch(JSON.stringify(resultKeys), /canary|extract|generate|refine/)
  t.notMatch(JSON.stringify(resultKeysOf(configSchema, config)), /canary/)
})
