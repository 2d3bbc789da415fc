import { isObject } from '../schema/json-value.js'
import type { Trajectory } from '../schema/trajectory.js'
import { groupObservations, splitSystem, type Row, type TrainingFormat } from './format.js'
import { toAssistantText, toResponseText, toSystemText } from './qwen3-template.js'
import { readList, readText } from './read-values.js'
import { readTagged } from './tagged-text.js'
import { toTrajectory, type Turn } from './turns.js'

/**
 * Plain messages of text: tools in the system prompt, calls and observations in their tags, observations as user turns. The
 * form of GEM's table 3. Any chat template that knows no tools writes it as Qwen3's writes the tools themselves.
 */
export const hermesFormat: TrainingFormat = {
  name: 'hermes',
  file: 'jsonl',
  columns: [{ name: 'messages', holds: 'texts', keys: ['role', 'content'] }],
  write: trajectory => ({ messages: writeHermes(trajectory) }),
  read: readHermes
}

/** The messages of a trajectory as text alone. */
export function writeHermes ({ messages, tools }: Trajectory): ReadonlyArray<{ readonly role: string, readonly content: string }> {
  const { system, rest } = splitSystem(messages)
  return [
    ...system === undefined && tools.length === 0 ? [] : [{ role: 'system', content: toSystemText(system, tools) }],
    ...groupObservations(rest).map(message => {
      if (message.role === 'observations') return { role: 'user', content: toResponseText(message.contents) }
      return { role: message.role, content: message.role === 'assistant' ? toAssistantText(message.content, message.toolCalls) : message.content }
    })
  ]
}

/** Reads messages with calls, observations and tools in tags. Throws a SyntaxError that says what is wrong. */
export function readHermes (row: Row): Trajectory {
  const { turns, tools } = readTagged(readList(row['messages'], 'messages').map(readMessage))
  return toTrajectory(turns, tools)
}

function readMessage (value: unknown): Turn {
  if (!isObject(value)) throw new SyntaxError('a message is no object')
  const content = readText(value['content'])
  switch (value['role']) {
    case 'system': case 'user': case 'tool': return { role: value['role'], content }
    case 'assistant': return { role: 'assistant', content, calls: [] }
    default: throw new SyntaxError(`a message has the role ${String(value['role']).slice(0, 40)}`)
  }
}
