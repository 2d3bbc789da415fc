import { isObject } from '../../../lib/schema/json-value.js'
import { createDice, type Dice } from './dice.js'
import { writeWorkflows } from './extract.js'
import { writeSynthesis, writeTrajectory } from './generate.js'
import { judge } from './judge.js'
import { readOutline } from './outline.js'
import type { Author, AuthorMessage, AuthorStage } from './port.js'
import { writeRefinement } from './refine.js'
import { writeRelevance } from './relevance.js'
import { choose, instanceOf } from './structured.js'
import { rawTag, readTag } from './wire.js'
import { clip, plain } from './words.js'

/**
 * The author of the embedded server. Recognises gemline's six prompts by their tags and answers them by rules, from the text
 * that they hold; any other prompt gets a short plain answer. It is no language model.
 */
export const writeAnswer: Author = ({ messages, seed, thinking, constraint }) => {
  const stage = recognise(messages)
  const user = textOf(messages, role => role !== 'system')
  const dice = createDice(stage === 'other' ? user.slice(-2000) : subjectOf(user, stage), seed)
  const text = answer(stage, user, dice)
  return {
    stage,
    text: constraint === undefined
      ? text
      : constraint.kind === 'choice' ? choose(constraint.choices, text, dice) : JSON.stringify(shaped(stage, user, constraint.schema)),
    reasoning: thinking ? `The prompt asks for ${PURPOSE[stage]}. I read the given text for its own steps and follow the wanted format.` : undefined
  }
}

const PURPOSE: Readonly<Record<AuthorStage, string>> = {
  relevance: 'a decision whether there are steps in the text',
  extract: 'workflows with their tools',
  generate: 'a dialogue over the given tools',
  refine: 'a longer and harder dialogue',
  judge: 'three verdicts on a dialogue',
  synthesize: 'tools and a dialogue in one',
  other: 'something that is none of the six tasks I know'
}

/** Which of the six prompts this is: by the delimiters around its values, then by the format words of its instruction. */
export function recognise (messages: readonly AuthorMessage[]): AuthorStage {
  const user = textOf(messages, role => role !== 'system')
  if (user.includes('<draft_trajectory>')) return 'refine'
  if (user.includes('<trajectory>')) return 'judge'
  if (!user.includes('<source_text>')) return 'other'
  if (user.includes('<candidate_tools>')) return 'generate'
  const system = textOf(messages, role => role === 'system')
  // A prompt without a system part carries its instruction in front of the text.
  const instruction = system === '' ? user.slice(0, user.indexOf('<source_text>')) : system
  if (instruction.includes('<multi_step>')) return 'relevance'
  if (instruction.includes('<workflow>') && instruction.includes('<execution_graph>')) return 'extract'
  return 'synthesize'
}

function textOf (messages: readonly AuthorMessage[], wanted: (role: string) => boolean): string {
  return messages.filter(message => wanted(message.role)).map(message => message.content).join('\n')
}

/** What the choices of an answer hang on: its text, not the wording of the prompt. */
function subjectOf (user: string, stage: AuthorStage): string {
  const tag = stage === 'judge' ? 'trajectory' : stage === 'refine' ? 'draft_trajectory' : 'source_text'
  return (rawTag(user, tag) ?? user).slice(0, 20_000)
}

function answer (stage: AuthorStage, user: string, dice: Dice): string {
  if (stage === 'other') return `I am gemline's embedded author and no language model. You wrote: ${clip(plain(user.slice(-400)), 200)}`
  if (stage === 'judge') return JSON.stringify(judge(rawTag(user, 'trajectory') ?? ''))
  if (stage === 'refine') return writeRefinement(user, dice)
  const text = readTag(user, 'source_text') ?? ''
  const outline = readOutline(text)
  if (stage === 'relevance') return writeRelevance(text, outline)
  if (stage === 'extract') return writeWorkflows(outline, dice)
  return stage === 'generate' ? writeTrajectory(user, { text, outline, dice }) : writeSynthesis({ text, outline, dice })
}

/** A value of the wanted schema: the real verdict where it is the judge's, else the least that is valid. */
function shaped (stage: AuthorStage, user: string, schema: Readonly<Record<string, unknown>>): unknown {
  const verdict = isObject(schema.properties) && 'R1' in schema.properties
  return stage === 'judge' && (verdict || schema.properties === undefined) ? judge(rawTag(user, 'trajectory') ?? '') : instanceOf(schema)
}
