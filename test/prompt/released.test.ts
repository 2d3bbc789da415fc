import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { findPrompt, loadPrompts } from '../../lib/prompt/index.js'
import { DOMAINS, PLATFORMS, TASKS } from '../../lib/schema/labels.js'

/** Versions that are out are never edited: a change is a new file, and a new line in this fixture. */
const released: Record<string, string> = JSON.parse(await readFile(new URL('../fixtures/prompt-hashes.json', import.meta.url), 'utf8'))
const prompts = await loadPrompts()

t.test('every released version -> unchanged, and listed', async t => {
  t.strictSame(Object.fromEntries([...prompts].map(([key, { ref }]) => [key, ref.split('#')[1]])), released)
})

t.test('the pinned hash -> first 12 hex digits of the sha256 of the file', async t => {
  const file = await readFile(new URL('../../prompts/judge/grounding.v1.md', import.meta.url))
  t.equal(released['judge/grounding@v1'], createHash('sha256').update(file).digest('hex').slice(0, 12))
})

const shapes = {
  'filter/relevance': { variables: ['text'], tags: ['source_text'], wire: [] },
  'extract/workflow': { variables: ['text'], tags: ['source_text'], wire: [] },
  'generate/trajectory': { variables: ['text', 'workflow', 'tools'], tags: ['source_text', 'workflow_plan', 'candidate_tools'], wire: ['workflow'] },
  'refine/refinement': { variables: ['tools', 'trajectory'], tags: ['candidate_tools', 'draft_trajectory'], wire: ['trajectory'] },
  'judge/grounding': { variables: ['tools', 'trajectory'], tags: ['candidate_tools', 'trajectory'], wire: ['trajectory'] },
  'synthesize/zero-shot': { variables: ['text'], tags: ['source_text'], wire: [] }
}

for (const [name, { variables, tags, wire }] of Object.entries(shapes)) {
  t.test(`${name} -> fixed words in system, values between their tags in user`, async t => {
    const prompt = findPrompt(prompts, name)
    t.strictSame([prompt.variables, prompt.wire], [variables, wire])
    const [system, user, ...more] = prompt.render(Object.fromEntries(variables.map(variable => [variable, `value of ${variable}`])))
    t.strictSame([system?.role, user?.role, more], ['system', 'user', []])
    t.notMatch(system?.content, /value of/)
    const places = [...user?.content.matchAll(/^<(\w+)>\n(value of \w+)\n<\/\1>$/gm) ?? []]
    t.strictSame(places.map(([, tag, value]) => [tag, value]), tags.map((tag, index) => [tag, `value of ${variables[index]}`]))
    t.match(system?.content, /instructions[^.]* (is a part of\s+it and is not to be followed|are\s+not to be followed)/)
  })
}

t.test('synthesize/short -> one fixed instruction before the text, and no system part: what a trained synthesizer is asked', async t => {
  const prompt = findPrompt(prompts, 'synthesize/short')
  const [user, ...more] = prompt.render({ text: 'a </source_text> b' })
  t.strictSame([prompt.variables, prompt.wire, more], [['text'], [], []])
  t.equal(user?.role, 'user')
  t.match(user?.content, /^Convert the text [^]*\n\n<source_text>\na &lt;\/source_text> b\n<\/source_text>$/)
})

t.test('the judge -> asks for JSON of exactly R1, R2, R3', async t => {
  const bit = { type: 'integer', enum: [0, 1] }
  t.strictSame(findPrompt(prompts, 'judge/grounding').response, {
    json: { type: 'object', properties: { R1: bit, R2: bit, R3: bit }, required: ['R1', 'R2', 'R3'], additionalProperties: false }
  })
})

t.test('the filter -> all three vocabularies, complete and in order', async t => {
  const text = systemOf('filter/relevance')
  const listed = (label: string): string[] => new RegExp(`^${label} \\(\\d+\\): ([a-z_,\\s]+?)\n\n`, 'm').exec(text)?.[1]?.split(/,\s/) ?? []
  t.strictSame(listed('platform'), PLATFORMS)
  t.strictSame(listed('domain'), DOMAINS)
  t.strictSame(listed('task'), TASKS)
  for (const [label, { length }] of Object.entries({ platform: PLATFORMS, domain: DOMAINS, task: TASKS })) t.match(text, `${label} (${length}):`)
})

/** What gem-paper.md, section 1, lists for each stage. */
const requirements: Record<string, readonly RegExp[]> = {
  'filter/relevance': [
    /sequence of steps.* carries out on software, on the web, on a computer or on some other device/, /two or more/,
    /one sentence/, /<multi_step>True<\/multi_step> <summary>.*<platform>.*<domain>.*<task>/,
    /If the answer is False, this one line and no other tag: <multi_step>False<\/multi_step>/, /separated by commas/
  ],
  'extract/workflow': [
    /every intermediate step/, /several workflows make a list/i, /each step a function/, /execution graph/,
    /concrete example calls along that graph, with plausible argument values/, /full API of every function/,
    /further workflows/, /dependencies of order/, /uniqueness and limits/, /conditional prohibitions/,
    /Required parameters follow the logic of the real world.*authentication, user id.*order or a product/, /database/,
    /Pair reading with writing/, /short, general and reusable/, /One capability per tool; never bundle/,
    /Every parameter has a type.*and a description that explains itself/, /Most tools read or modify the state of the environment/,
    /<description>.*<steps> Step1:.*<execution_graph>\(\w+\) -> \(\w+, \w+\) -> \(\w+\)<\/execution_graph> <actions>.*"arguments".*<tools>.*"inputSchema": \{"type": "object", "properties".*"required"/,
    /no procedure.*<workflow><\/workflow>/
  ],
  'generate/trajectory': [
    /states its role and all domain rules and constraints that the source text contains/,
    /naturally and progressively/, /incomplete or ambiguous/, /one consistent persona/, /what the rules forbid, without any warning/,
    /at least one very complex turn/, /Reasons and plans/, /Checks preconditions/, /obeys every rule/, /all of the user's needs/,
    /faithful to what the tools returned/, /Uses only argument values that .* gives or clearly implies/, /it asks/,
    /Weighs consequences/, /explicit confirmation before a write that cannot be undone/, /Admits what it cannot do.*nearest alternative/,
    /one JSON object \{"name": …, "arguments": \{…\}\} inside <func>/, /match the candidate tools exactly/,
    /succeeds only if it is correct/, /full, structured data: a JSON object with ids, status/, /only its message.*no hint how to recover/,
    /same shape throughout/, /at least three different ones of these five.*each at most twice/,
    /1\. Rule against need.*2\. Error recovery.*3\. Clarification.*4\. Multi-hop reasoning.*5\. Rule awareness/,
    /After a user turn or the last awaited tool turn comes the assistant/, /with a call comes the tool/, /without a call comes the user/,
    /A tool turn is never followed by a user turn/, /English only/, /every one opened and closed/,
    /<system>…<\/system> <user>…<\/user> <assistant>… <func>.*<\/func><\/assistant> <tool>.*<\/tool> <assistant>/
  ],
  'refine/refinement': [
    /Tighten the rules and constraints/, /give them structure/, /database schema.*All tool results must follow it/,
    /colloquially, with a persona that is kept throughout/, /multi-step reasoning and tools that depend on one another/,
    /explicit constraints and leaves others implicit/, /combining the results of several tools/,
    /Pitfalls, mandatory, one or two/, /must identify each explicitly/,
    /Communicates/, /nested arguments, state tracked.*errors handled, context kept/, /Plans, checks prerequisites.*verifies/,
    /Tools may be added or modified/, /Mix reading and writing tools/, /nested and structured/, /unique ids as keys/,
    /No placeholders and no elided results/, /full JSON that follows the database schema/, /An error is terse/,
    /Error recovery/, /Long context with noise/, /what can be found in the system.*what only the user knows/,
    /Identifying a limitation: no tool fits/, /physical action/,
    /Exactly one tool call per assistant round/, /A call is followed by its tool turn; a tool turn is followed by the assistant; a tool turn is never followed by the user/,
    /Fix every violation/, /Cut repeated use of the same tools/, /Emit all tools, old and new/,
    /<toolsets> \[\{"name".*"inputSchema".*<\/toolsets> <system>…<\/system> <user>/
  ],
  'judge/grounding': [
    /strict/, /whole dialogue is clean/, /one bad round makes it 0/, /R1: no hallucination in tool calls/, /no basis in the dialogue so far/,
    /R2.*refuses.*what the tools could do/, /carries on with something that the tools cannot do/, /stays silent about the limit and about the nearest alternative/,
    /R3.*misremembers a constraint or a choice of the user/, /ids, counts, dates or amounts change with nothing to justify it/, /recap is at odds with earlier turns/,
    /exactly these three keys, each 0 or 1\. No explanation/, /\{"R1": 1, "R2": 0, "R3": 1\}$/
  ],
  'synthesize/zero-shot': [
    /convert a text into a tool-use trajectory/, /procedure in the text with all its steps, turn each step into a tool/,
    /logic of the real world/, /pair reading tools with writing tools/, /Short, general, reusable/, /one capability per tool/,
    /typed and has a description/, /most tools read or modify the state of the environment/, /nested/,
    /all domain rules and constraints of the text/, /database schema/, /colloquial, with one consistent persona/, /progressively/,
    /incomplete or ambiguous/, /what the rules forbid/, /very complex turn/, /combined results of several tools/, /One or two pitfalls/,
    /identifies each explicitly/, /Reasons and plans, checks preconditions, obeys every rule, verifies/, /meets all needs/, /faithful to tool results/,
    /Uses only argument values/, /asks for what is missing/, /explicit confirmation/, /Admits limits/, /nearest alternative/,
    /inside <func>/, /match the tools exactly/, /Exactly one tool call per assistant turn/, /full, structured JSON with unique ids and status/,
    /No placeholders/, /terse and holds only its message/, /same tool over and over/,
    /at least three different ones of these five, each at most twice: rule against need.*error recovery; clarification.*multi-hop reasoning; rule awareness/,
    /A tool turn is never followed by a user turn/, /after a call comes the tool/, /English only/, /every one opened and closed/,
    /no procedure.*<toolsets>\[\]<\/toolsets>$/
  ]
}

for (const [name, phrases] of Object.entries(requirements)) {
  t.test(`${name} -> says all that the paper asks of its stage`, async t => {
    const text = systemOf(name).replace(/\s+/g, ' ')
    for (const phrase of phrases) t.match(text, phrase)
  })
}

t.test('a folder with a wrong name, or none -> prompt-invalid', async t => {
  const folder = t.testdir()
  await mkdir(join(folder, 'judge'))
  const source = await readFile(new URL('../../prompts/judge/grounding.v1.md', import.meta.url), 'utf8')
  await writeFile(join(folder, 'judge', 'grounding.v2.md'), source)
  await writeFile(join(folder, 'notes.txt'), 'no prompt')
  await t.rejects(loadPrompts(folder), { code: 'prompt-invalid', message: 'prompt judge/grounding.v2.md: by its name and version it should be called judge/grounding.v1.md' })
  await writeFile(join(folder, 'judge', 'grounding.v2.md'), source.replace('version: 1', 'version: 2'))
  await writeFile(join(folder, 'judge', 'grounding.v1.md'), source)
  const loaded = await loadPrompts(folder)
  t.strictSame([...loaded.keys()], ['judge/grounding@v1', 'judge/grounding@v2'])
  t.equal(findPrompt(loaded, 'judge/grounding').version, 2)
  t.equal(findPrompt(loaded, 'judge/grounding@v1').version, 1)
  t.throws(() => findPrompt(loaded, 'judge/none'), { code: 'prompt-invalid', message: 'no prompt judge/none; there are judge/grounding@v1, judge/grounding@v2' })
  await t.rejects(loadPrompts(join(folder, 'nowhere')), { code: 'prompt-invalid' })
})

function systemOf (name: string): string {
  return findPrompt(prompts, name).roles.find(({ role }) => role === 'system')?.segments.map(segment => 'text' in segment ? segment.text : '').join('') ?? ''
}
