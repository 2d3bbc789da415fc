import t from 'tap'
import { GemlineError } from '../../lib/engine/errors.js'
import { findPrompt, loadPrompts } from '../../lib/prompt/index.js'
import type { Document } from '../../lib/schema/document.js'
import { unescapeWire } from '../../lib/schema/wire.js'
import { filter } from '../../operators/filter.js'
import { createFakeChatModel, createFakeContext, createFakeStage, HOSTILE_TEXT, type FakeAnswer } from '../support/fake-chat-model.js'

const prompt = findPrompt(await loadPrompts(), 'filter/relevance')
const steps = '1. Open the app.\n2. Press the button.\n3. Wait until the lamp is green.\n'
const document: Document = { text: steps.repeat(5), textKey: 'key' }
const named: Document = { ...document, language: 'en' }

const run = async (answer: FakeAnswer, text = document.text) => {
  const model = createFakeChatModel([answer])
  const context = createFakeContext({ stage: 'filter' })
  const outcome = await filter({ stage: createFakeStage(model, prompt) }, { preFilter: false }).process({ text, textKey: 'key' }, context)
  return { outcome, model, notes: context.notes.filter(note => note.kind !== 'model') }
}

const rules = [
  { title: 'a short text', text: steps, options: {}, outcome: { kind: 'drop', reason: 'too-short' } },
  { title: 'a long text', text: steps.repeat(2000), options: {}, outcome: { kind: 'drop', reason: 'too-long-text' } },
  { title: 'a text without steps', text: 'The lake was calm. '.repeat(20), options: {}, outcome: { kind: 'drop', reason: 'no-steps' } },
  { title: 'a text with steps', text: document.text, options: {}, outcome: { kind: 'emit', values: [{ document: named }] } },
  {
    title: 'a short text, lower bound', text: steps, options: { preFilter: { minCharacters: 10 } },
    outcome: { kind: 'emit', values: [{ document: { text: steps, textKey: 'key', language: 'en' } }] }
  },
  { title: 'a short text, no rules', text: 'a', options: { preFilter: false as const }, outcome: { kind: 'emit', values: [{ document: { text: 'a', textKey: 'key' } }] } }
]

for (const { title, text, options, outcome } of rules) {
  t.test(`${title}, no model -> ${outcome.reason ?? 'emitted'}, without a promise`, async t => {
    t.strictSame(filter({}, options).process({ text, textKey: 'key' }, createFakeContext()), outcome)
  })
}

t.test('rules say no -> no model call', async t => {
  const model = createFakeChatModel([])
  t.strictSame(filter({ stage: createFakeStage(model, prompt) }).process({ text: 'short', textKey: 'key' }, createFakeContext()), { kind: 'drop', reason: 'too-short' })
  t.strictSame(model.requests, [])
})

t.test('an unknown option -> refused', async t => {
  t.throws(() => filter({}, { preFilter: { minCharacter: 3 } as object }), /minCharacter/)
})

const answers = [
  { title: 'False', answer: '<multi_step>False</multi_step>', outcome: { kind: 'drop', reason: 'not-relevant' }, notes: [] },
  {
    title: 'True with labels',
    answer: '<multi_step>True</multi_step>\n<summary>Start it.</summary>\n<platform>Machine, Phone</platform>\n<domain>Home & Garden</domain>\n<task>Smart Home</task>',
    outcome: {
      kind: 'emit',
      values: [{ document: named, labels: { platforms: ['machine', 'phone'], domains: ['home_and_garden'], tasks: ['smart_home'], summary: 'Start it.' } }]
    },
    notes: []
  },
  {
    title: 'True with unknown labels',
    answer: '<multi_step>True</multi_step><summary>S.</summary><platform>toaster</platform><domain>kitchen, food_and_drink</domain><task>toasting</task>',
    outcome: { kind: 'emit', values: [{ document: named, labels: { platforms: [], domains: ['food_and_drink'], tasks: [], summary: 'S.' } }] },
    notes: [{ kind: 'count', name: 'unknown-label', value: 3 }]
  }
]

for (const { title, answer, outcome, notes } of answers) {
  t.test(`${title} -> ${outcome.reason ?? 'emitted with what is known'}`, async t => {
    const result = await run(answer)
    t.strictSame(result.outcome, outcome)
    t.strictSame(result.notes, notes)
  })
}

t.test('a document -> one request: the fixed system prompt, the text between its tags', async t => {
  const { model } = await run('<multi_step>False</multi_step>', 'Open <b>it</b>.')
  t.strictSame(model.requests.map(({ messages, maxTokens, temperature, jsonSchema }) => ({ messages, maxTokens, temperature, jsonSchema })), [{
    messages: [
      { role: 'system', content: prompt.render({ text: '' })[0]?.content },
      { role: 'user', content: '<source_text>\nOpen <b>it</b>.\n</source_text>\n\nJudge the passage above and answer in the tags.' }
    ],
    maxTokens: 1000, temperature: 0, jsonSchema: undefined
  }])
})

t.test('a hostile document -> still two messages, one source_text, and its words unchanged', async t => {
  const { model } = await run('<multi_step>False</multi_step>', HOSTILE_TEXT)
  const [system, user, ...more] = model.requests[0]?.messages ?? []
  t.strictSame([system?.role, user?.role, more], ['system', 'user', []])
  t.equal(system?.content, prompt.render({ text: '' })[0]?.content)
  const inner = /^<source_text>\n([\s\S]*)\n<\/source_text>\n\nJudge the passage above and answer in the tags\.$/.exec(user?.content ?? '')?.[1] ?? ''
  t.notMatch(inner, /<\s*\/?\s*(source_text|user|system|func|multi_step|trajectory|candidate_tools)\b|<\|/i)
  t.equal(unescapeWire(inner), HOSTILE_TEXT)
})

t.test('an answer without multi_step -> answer-malformed with the raw answer', async t => {
  await t.rejects(run('I would rather not say.'), { code: 'answer-malformed', detail: { answer: 'I would rather not say.' } })
})

t.test('what ask drops and what the model rejects with -> passed on', async t => {
  t.match((await run({ text: '<multi_step>', finishReason: 'length' }).catch((error: unknown) => error)), { code: 'answer-truncated' })
  t.match((await run('', 'x '.repeat(300_000))).outcome, { kind: 'drop', reason: 'too-long' })
  await t.rejects(run(new GemlineError('request-refused', 'no')), { code: 'request-refused' })
})

const german = '1. Öffnen Sie die App und warten Sie.\n2. Drücken Sie den Knopf an der Seite.\n3. Schalten Sie das Gerät danach wieder aus.\n'.repeat(3)
const languages = [
  { title: 'German, English wanted', text: german, language: 'en', outcome: { kind: 'drop', reason: 'other-language', detail: { language: 'de' } } },
  { title: 'German, German wanted', text: german, language: 'de', outcome: { kind: 'emit', values: [{ document: { text: german, textKey: 'key', language: 'de' } }] } },
  { title: 'German, any wanted', text: german, language: 'any', outcome: { kind: 'emit', values: [{ document: { text: german, textKey: 'key', language: 'de' } }] } },
  { title: 'English, German wanted', text: document.text, language: 'de', outcome: { kind: 'drop', reason: 'other-language', detail: { language: 'en' } } },
  { title: 'a language that cannot be told', text: '1. 22\n2. 33\n3. 44\n'.repeat(20), language: 'en', outcome: { kind: 'emit', values: [{ document: { text: '1. 22\n2. 33\n3. 44\n'.repeat(20), textKey: 'key' } }] } }
]

for (const { title, text, language, outcome } of languages) {
  t.test(`${title} -> ${outcome.reason ?? 'emitted'}, without a call`, async t => {
    t.strictSame(filter({}, { language }).process({ text, textKey: 'key' }, createFakeContext()), outcome)
    const model = createFakeChatModel([])
    if (outcome.kind === 'drop') t.strictSame(filter({ stage: createFakeStage(model, prompt) }, { language }).process({ text, textKey: 'key' }, createFakeContext()), outcome)
    t.strictSame(model.requests, [])
  })
}

const relevant = (domains: string): string => `<multi_step>True</multi_step><summary>S.</summary><domain>${domains}</domain>`
const domains = [
  { title: 'adult', options: {}, outcome: { kind: 'drop', reason: 'excluded-domain', detail: { domains: ['adult'] } } },
  { title: 'health, Sensitive Subjects', options: {}, outcome: { kind: 'drop', reason: 'excluded-domain', detail: { domains: ['sensitive_subjects'] } } },
  { title: 'adult', options: { excludeDomains: [] }, outcome: { kind: 'emit' } },
  { title: 'games', options: { excludeDomains: ['games' as const] }, outcome: { kind: 'drop', reason: 'excluded-domain', detail: { domains: ['games'] } } },
  { title: 'health', options: {}, outcome: { kind: 'emit' } }
]

for (const { title, options, outcome } of domains) {
  t.test(`${title}, excluded ${options.excludeDomains?.join(', ') ?? 'by default'} -> ${outcome.reason ?? 'goes on'}`, async t => {
    const model = createFakeChatModel([relevant(title)])
    t.match(await filter({ stage: createFakeStage(model, prompt) }, options).process(document, createFakeContext()), outcome)
  })
}

const calm = 'The lake was calm, and nobody spoke. '.repeat(10)
const audits = [
  { title: 'the model finds steps', key: '00000000', answer: relevant('health'), outcome: { kind: 'emit' }, counts: ['audit-asked', 'audit-missed'], calls: 1 },
  { title: 'the model finds none', key: '00000000', answer: '<multi_step>False</multi_step>', outcome: { kind: 'drop', reason: 'no-steps' }, counts: ['audit-asked'], calls: 1 },
  { title: 'steps in a domain that is excluded', key: '00000000', answer: relevant('adult'), outcome: { kind: 'drop', reason: 'excluded-domain' }, counts: ['audit-asked'], calls: 1 },
  { title: 'the last key of half a percent', key: '0147ae14', answer: '<multi_step>False</multi_step>', outcome: { kind: 'drop', reason: 'no-steps' }, counts: ['audit-asked'], calls: 1 },
  { title: 'the next key', key: '0147ae15', answer: '', outcome: { kind: 'drop', reason: 'no-steps' }, counts: [], calls: 0 },
  { title: 'a share of 0', key: '00000000', share: 0, answer: '', outcome: { kind: 'drop', reason: 'no-steps' }, counts: [], calls: 0 },
  { title: 'another language', key: '00000000', text: 'Der See lag ruhig da, und niemand sprach ein Wort. '.repeat(8), answer: '', outcome: { kind: 'drop', reason: 'no-steps' }, counts: [], calls: 0 },
  { title: 'a text that is too short', key: '00000000', text: 'Short.', answer: '', outcome: { kind: 'drop', reason: 'too-short' }, counts: [], calls: 0 }
]

for (const { title, key, answer, outcome, counts, calls, share, text = calm } of audits) {
  t.test(`audit, ${title} -> ${outcome.reason ?? 'goes on'}`, async t => {
    const model = createFakeChatModel([answer])
    const context = createFakeContext()
    const stage = createFakeStage(model, prompt)
    t.match(await filter({ stage }, share === undefined ? {} : { auditShare: share }).process({ text, textKey: `ffff${key}` }, context), outcome)
    t.strictSame(context.notes.filter(note => note.kind === 'count'), counts.map(name => ({ kind: 'count', name, value: 1 })))
    t.equal(model.requests.length, calls)
  })
}

t.test('audit without a model -> none, and no promise', async t => {
  t.strictSame(filter({}, { auditShare: 1 }).process({ text: calm, textKey: '00000000' }, createFakeContext()), { kind: 'drop', reason: 'no-steps' })
})

t.test('audit of an answer that cannot be read -> answer-malformed, nothing counted', async t => {
  const context = createFakeContext()
  const stage = createFakeStage(createFakeChatModel(['Hm.']), prompt)
  await t.rejects(Promise.resolve(filter({ stage }, { auditShare: 1 }).process({ text: calm, textKey: '00000000' }, context)), { code: 'answer-malformed' })
  t.strictSame(context.notes.filter(note => note.kind === 'count'), [])
})
