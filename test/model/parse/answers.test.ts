/** Shapes that models really answer with, or could, one table a prompt: each row is read to its value or to its exact reason. */
import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import t from 'tap'
import { z } from 'zod'
import { GemlineError } from '../../../lib/engine/errors.js'
import { parseRelevance, parseTrajectory, parseVerdict, parseWorkflows, splitReasoning } from '../../../lib/model/parse-response.js'
import { labelsSchema } from '../../../lib/schema/labels.js'
import { trajectorySchema } from '../../../lib/schema/trajectory.js'
import { workflowSchema } from '../../../lib/schema/workflow.js'
import { wireText } from './arbitraries.js'

interface Row { readonly title: string, readonly answer: string, readonly outcome: { readonly value?: unknown, readonly error?: string } }

const required = (answer: string): unknown => parseTrajectory(answer, { toolsets: 'required' })
const READERS: Readonly<Record<string, (answer: string) => unknown>> = {
  relevance: parseRelevance,
  workflow: parseWorkflows,
  trajectory: answer => parseTrajectory(answer, { toolsets: 'none' }),
  refinement: required,
  synthesize: required,
  grounding: parseVerdict
}

const unknown = z.array(z.string())
const SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  relevance: z.strictObject({ relevant: z.boolean(), labels: labelsSchema.optional(), unknown: z.strictObject({ platform: unknown, domain: unknown, task: unknown }) }),
  workflow: z.strictObject({ workflows: z.array(workflowSchema), unusable: z.int(), problems: z.array(z.string()) }),
  trajectory: trajectorySchema,
  refinement: trajectorySchema,
  synthesize: trajectorySchema,
  grounding: z.strictObject({ R1: z.literal([0, 1]), R2: z.literal([0, 1]), R3: z.literal([0, 1]) })
}

for (const [prompt, read] of Object.entries(READERS)) {
  const rows = readFileSync(new URL(`../../fixtures/answers/${prompt}.jsonl`, import.meta.url), 'utf8')
    .trim().split('\n').map(line => JSON.parse(line) as Row)

  t.test(`${prompt} -> at least 40 different shapes, some read and some refused`, async t => {
    t.ok(rows.length >= 40, `${rows.length} rows`)
    t.equal(new Set(rows.map(row => row.title)).size, rows.length, 'titles differ')
    t.equal(new Set(rows.map(row => row.answer)).size, rows.length, 'answers differ')
    t.ok(rows.some(row => row.outcome.error === undefined) && rows.some(row => row.outcome.error !== undefined))
  })

  for (const { title, answer, outcome } of rows) {
    t.test(`${prompt}: ${title} -> ${outcome.error ?? 'read'}`, async t => {
      t.strictSame(outcomeOf(read, answer), outcome)
      if (outcome.error === undefined) SCHEMAS[prompt]!.parse(outcome.value)
    })
  }

  t.test(`${prompt}: any text, any cut of a good answer -> a value or answer-malformed, nothing else`, async () => {
    const good = rows.filter(row => row.outcome.error === undefined).map(row => row.answer)
    const cut = fc.tuple(fc.constantFrom(...good), fc.nat()).map(([answer, at]) => answer.slice(0, at % answer.length))
    const spliced = fc.tuple(fc.constantFrom(...good), fc.nat(), wireText).map(([answer, at, text]) => answer.slice(0, at % answer.length) + text + answer.slice(at % answer.length))
    fc.assert(fc.property(fc.oneof(cut, spliced, wireText), answer => { outcomeOf(read, answer) }), { numRuns: 1000 })
  })
}

t.test('any cut of a dialogue before its last closing tag -> refused, never completed', async t => {
  const answer = '<toolsets>[{"name":"f","description":"d","inputSchema":{"type":"object","properties":{}}}]</toolsets><system>S</system><user>U</user><assistant>A</assistant>'
  const turns = [answer.indexOf('<user>'), answer.indexOf('<assistant>')]
  for (let at = 0; at < answer.length; at++) {
    if (!turns.includes(at)) t.match(outcomeOf(required, answer.slice(0, at)), { error: /./ }, `cut at ${at}`)
  }
})

t.test('long hostile answers -> read or refused in linear time', async t => {
  const long = 60_000
  const units = ['<user>', '<user></user>', '<assistant><func>', '<assistant><func>{"a":"</func>', '</think>', '<think>', '<tool_response>', '<!--', '```json\n', '[', '{"a":', '"', '" ', '{"a":"x', '<arg_key>', '<workflow>', '<steps>', '&amp;', ' ', '\n', '- ', 'Step1: ', '{}', '[1 "', 'a\t', '<system>x</system>', '\\', '/*', '1']
  for (const unit of units) {
    const text = unit.repeat(long / unit.length)
    const frames = [text, `<system>${text}</system>`, `<system>S</system><assistant>{"name":${text}</assistant><tool>1</tool>`, `<workflow><steps>${text}x</steps><actions>${text}</actions></workflow>`, `<multi_step>True</multi_step><domain>${text}`]
    for (const frame of frames) for (const read of Object.values(READERS)) outcomeOf(read, frame)
    splitReasoning(text)
  }
  t.pass('all ended')
})

function outcomeOf (read: (answer: string) => unknown, answer: string): Row['outcome'] {
  try {
    return { value: read(answer) }
  } catch (error) {
    if (error instanceof GemlineError && error.code === 'answer-malformed') return { error: error.message }
    throw error
  }
}
