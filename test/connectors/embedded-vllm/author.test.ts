/**
 * The author against the real prompts, parsers and rules: what it writes must pass all of them. Catches a format, a grounding
 * or an order that went wrong; cannot tell whether a dialogue reads well.
 */
import fc from 'fast-check'
import t from 'tap'
import { writeAnswer } from '../../../connectors/embedded-vllm/index.js'
import { parseRelevance, parseTrajectory, parseVerdict, parseWorkflows } from '../../../lib/model/parse-response.js'
import { renderTools, renderTrajectory, renderWorkflow } from '../../../lib/model/render-trajectory.js'
import { findPrompt, loadPrompts } from '../../../lib/prompt/index.js'
import { checkTrajectory } from '../../../lib/rules/index.js'
import { countTrajectory, type Message, type ToolDefinition, type Trajectory } from '../../../lib/schema/index.js'
import { sampleTexts, TEXTS } from './documents.js'

const prompts = await loadPrompts()

function ask (name: string, values: Readonly<Record<string, string>>, seed = 7): string {
  return writeAnswer({ messages: findPrompt(prompts, name).render(values), seed, thinking: false }).text
}

const judged = ({ tools, messages }: Trajectory) => parseVerdict(ask('judge/grounding', { tools: renderTools(tools), trajectory: renderTrajectory({ messages }) }))

/** Everything that the rules and the judge hold against a trajectory. */
function complaints (trajectory: Trajectory, source?: string): string[] {
  const { findings } = checkTrajectory(trajectory, { source })
  const verdict = judged(trajectory)
  return [
    ...findings.filter(finding => finding.mode === 'drop').map(finding => `${finding.rule}: ${finding.message}`),
    ...Object.entries(verdict).filter(([, bit]) => bit === 0).map(([rule]) => `judge ${rule}`)
  ]
}

const synthesize = (text: string, seed?: number): Trajectory | undefined => {
  const answer = ask('synthesize/zero-shot', { text }, seed)
  return answer === '<toolsets>[]</toolsets>' ? undefined : parseTrajectory(answer, { toolsets: 'required' })
}

/** The teacher's way through one text: a trajectory and its refinement for each workflow. */
function teach (text: string, seed?: number): Trajectory[] {
  return parseWorkflows(ask('extract/workflow', { text }, seed)).workflows.flatMap(workflow => {
    const values = { text, workflow: renderWorkflow(workflow), tools: renderTools(workflow.tools) }
    const draft = parseTrajectory(ask('generate/trajectory', values, seed), { tools: workflow.tools, toolsets: 'none' })
    const refined = parseTrajectory(ask('refine/refinement', { tools: renderTools(draft.tools), trajectory: renderTrajectory(draft) }, seed), { toolsets: 'required' })
    return [draft, refined]
  })
}

const saidBy = (role: Message['role'], { messages }: Trajectory): string[] => messages.filter(message => message.role === role).map(message => message.content)

t.test('texts of our own -> relevance, workflows, and dialogues that every rule accepts', async t => {
  for (const [name, { text, relevant, workflows }] of Object.entries(TEXTS)) {
    const all = [...teach(text), synthesize(text)].filter(trajectory => trajectory !== undefined)
    t.same({
      relevant: parseRelevance(ask('filter/relevance', { text })).relevant,
      workflows: parseWorkflows(ask('extract/workflow', { text })).workflows.length,
      dialogues: all.length,
      complaints: all.flatMap(trajectory => complaints(trajectory, text))
    }, { relevant, workflows, dialogues: workflows === 0 ? 0 : workflows * 2 + 1, complaints: [] }, name)
  }
})

t.test('the sample texts -> nine in ten judged as their writer does, and not one dialogue with a fault', async t => {
  const samples = sampleTexts()
  const bad: string[] = []
  const openings = new Set<string>()
  let dialogues = 0
  samples.forEach(({ id, text }, index) => {
    const all = index % 2 === 0 ? teach(text) : [synthesize(text)].filter(trajectory => trajectory !== undefined)
    dialogues += all.length
    for (const trajectory of all) bad.push(...complaints(trajectory, text).map(complaint => `${id}: ${complaint}`))
    if (all[0] !== undefined) openings.add(saidBy('user', all[0]).slice(0, 3).join('\n'))
  })
  t.same(bad, [])
  t.ok(dialogues > samples.length / 2, `${dialogues} dialogues of ${samples.length} texts`)
  t.ok(openings.size > dialogues / 3, 'they do not begin alike')
  const web = samples.filter(sample => sample.corpus === 'fineweb')
  const agreed = web.filter(({ text, procedure }) => parseRelevance(ask('filter/relevance', { text })).relevant === procedure)
  t.ok(agreed.length >= web.length * 0.9, `${agreed.length} of ${web.length}`)
})

t.test('a procedure -> dialogue with clarification, error, recovery, rule conflict and closing', async t => {
  const trajectory = synthesize(TEXTS.limits!.text)!
  const stats = countTrajectory(trajectory)
  const [system = ''] = saidBy('system', trajectory)
  t.ok(stats.turns >= 5 && stats.toolCalls >= 5 && stats.toolCalls <= 14 && stats.distinctTools >= 4, JSON.stringify(stats))
  t.match(system, /at most 12 people[\s\S]*Rooms must be left clean/)
  t.ok(saidBy('tool', trajectory).some(content => content.startsWith('{"error"')), 'an error')
  t.ok(trajectory.tools.some(tool => tool.name.startsWith('search_') && tool.name.includes('room')), 'a tool named from its step')
  const guests = trajectory.tools.flatMap(tool => Object.values(tool.parameters.properties as Record<string, { maximum?: number }>)).filter(schema => schema.maximum === 12)
  t.equal(guests.length, 1, 'the limit of the text is the maximum of a parameter')
  t.ok(trajectory.messages.every(message => message.role !== 'assistant' || message.toolCalls.length <= 1), 'one call a turn')
  t.equal(trajectory.messages.at(-1)?.role, 'assistant')
})

t.test('same text and seed -> same answer; another seed or text -> another', async t => {
  const { text } = TEXTS.limits!
  const answer = (seed: number, source = text): string => ask('synthesize/zero-shot', { text: source }, seed)
  t.equal(answer(3), answer(3))
  t.not(answer(3), answer(4))
  t.not(answer(3), answer(3, TEXTS.prose!.text))
})

t.test('refinement -> longer than the draft, with tools, a schema and a named pitfall', async t => {
  const [draft, refined] = teach(TEXTS.prose!.text)
  const [before, after] = [countTrajectory(draft!), countTrajectory(refined!)]
  t.ok(after.messages > before.messages && after.toolCalls > before.toolCalls && after.definedTools === before.definedTools + 2)
  t.match(saidBy('system', refined!)[0], /Database schema/)
  t.match(saidBy('assistant', refined!).join('\n'), /One correction/)
})

t.test('tools of another author -> arguments that fit their schemas', async t => {
  const tools: ToolDefinition[] = [
    { name: 'search_flights', description: 'Finds flights.', parameters: { type: 'object', properties: { origin: { type: 'string' }, passengers: { type: 'integer', minimum: 2, maximum: 4 }, day: { type: 'string', format: 'date' } }, required: ['origin', 'passengers', 'day'] } },
    { name: 'book_flight', description: 'Books one.', parameters: { type: 'object', properties: { flight_id: { type: 'string' }, seat: { type: 'object', properties: { row: { type: 'number', exclusiveMinimum: 0 }, side: { enum: ['window', 'aisle'] } }, required: ['row', 'side'] }, tags: { type: 'array', items: { type: 'string' } }, insured: { type: 'boolean' } }, required: ['flight_id', 'seat', 'tags', 'insured'] } },
    { name: 'odd_tool', description: 'Cannot be called: its pattern is not understood.', parameters: { type: 'object', properties: { code: { type: 'string', pattern: '^x{9}$' } }, required: ['code'] } },
    { name: 'cancel_flight', description: 'Cancels.', parameters: { type: 'object', properties: { flight_id: { type: 'string' } }, required: ['flight_id'] } },
    { name: 'no_arguments', description: 'Pings.', parameters: { type: 'object', properties: {} } }
  ]
  for (let seed = 0; seed < 20; seed += 1) {
    const answer = ask('generate/trajectory', { text: 'Fly somewhere in the app.', workflow: '', tools: renderTools(tools) }, seed)
    t.same(complaints(parseTrajectory(answer, { tools, toolsets: 'none' })), [], `seed ${seed}`)
  }
})

t.test('judge: dialogues broken on purpose -> the verdict that names the break', async t => {
  const good = synthesize(TEXTS.limits!.text)!
  const change = (edit: (message: Message, index: number) => Message): Trajectory => ({ ...good, messages: good.messages.map(edit) })
  const lastCall = good.messages.findLastIndex(message => message.role === 'assistant' && message.toolCalls.length > 0)
  const forged = change((message, index) => message.role === 'assistant' && index === lastCall
    ? { ...message, toolCalls: message.toolCalls.map(call => ({ ...call, arguments: { ...call.arguments, room_id: 'ROO-00000' } })) }
    : message)
  const drifting = change((message, index) => message.role === 'assistant' && index === good.messages.length - 1 ? { ...message, content: 'Your receipt is XYZ-99999.' } : message)
  const firstError = good.messages.findIndex(message => message.role === 'tool' && message.content.startsWith('{"error"'))
  const silent: Trajectory = { ...good, messages: [...good.messages.slice(0, firstError + 1), { role: 'assistant', content: 'Everything is done, enjoy.', toolCalls: [] }] }
  const cases: Record<string, [Trajectory, object]> = {
    untouched: [good, { R1: 1, R2: 1, R3: 1 }],
    'an id from nowhere': [forged, { R1: 0, R2: 1 }],
    'a receipt from nowhere': [drifting, { R1: 1, R3: 0 }],
    'an error passed over': [silent, { R1: 1, R2: 0 }],
    nothing: [{ ...good, messages: [] }, { R1: 0, R2: 0, R3: 0 }]
  }
  for (const [name, [trajectory, verdict]] of Object.entries(cases)) t.match(judged(trajectory), verdict, name)
})

t.test('thinking, choices and schemas -> reasoning beside the answer, one of the choices, a valid value', async t => {
  const messages = findPrompt(prompts, 'filter/relevance').render({ text: TEXTS.limits!.text })
  t.match(writeAnswer({ messages, seed: 1, thinking: true }), { stage: 'relevance', reasoning: /steps/, text: /^<multi_step>True/ })
  t.equal(writeAnswer({ messages, seed: 1, thinking: false, constraint: { kind: 'choice', choices: ['false', 'true'] } }).text, 'true')
  t.equal(writeAnswer({ messages: [{ role: 'user', content: 'Say a' }], seed: 1, thinking: false, constraint: { kind: 'choice', choices: ['zebra-only'] } }).text, 'zebra-only')
  const schema = { $defs: { s: { type: 'string', minLength: 6 } }, type: 'object', properties: { a: { $ref: '#/$defs/s' }, n: { type: 'integer', minimum: 3 }, l: { type: 'array', items: { enum: ['x'] }, minItems: 2 }, o: { type: ['null', 'string'] } }, required: ['a', 'n', 'l', 'o'] }
  t.same(JSON.parse(writeAnswer({ messages, seed: 1, thinking: false, constraint: { kind: 'json', schema } }).text), { a: 'text..', n: 3, l: ['x', 'x'], o: null })
  t.match(writeAnswer({ messages: [{ role: 'user', content: 'What is 2 + 2?' }], seed: 1, thinking: false }), { stage: 'other', text: /no language model/ })
})

t.test('any text -> an answer that parses and passes, in time linear in the text', async t => {
  const piece = fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.constantFrom(
    '\n1. Open the app', '\n2. Press <func>', '\n- Save </assistant>', ' or ', ', then click ', '<|im_start|>', '</source_text>', ' at most 5 kg', '"', '\ud800', '&lt;', '\nStep 3: Enter the order number. ', ' must never '
  ))
  fc.assert(fc.property(fc.array(piece, { maxLength: 25 }), fc.nat(), (parts, seed) => {
    const text = parts.join('')
    const all = [synthesize(text, seed), ...teach(text, seed)].filter(trajectory => trajectory !== undefined)
    const found = all.flatMap(trajectory => complaints(trajectory, text))
    if (found.length > 0) throw new Error(found.join('; '))
    parseRelevance(ask('filter/relevance', { text }, seed))
  }), { numRuns: 150 })
  const began = performance.now()
  for (const unit of ['1. ', 'a ', '<', '- ', 'or, ', '"', '\n', '. ', 'Open the, ', '1) Open, then ', '第1步']) synthesize(unit.repeat(200_000 / unit.length))
  t.ok(performance.now() - began < 20_000, 'eleven texts of 200,000 characters, well under what anything quadratic takes')
})
