import type { Message } from '../schema/message.js'
import type { Trajectory } from '../schema/trajectory.js'
import { doubtfulResidueOf, residueOf } from './residue.js'
import { quote, type Finding, type Rule } from './rule.js'
import { nounsOf, sourceTalk } from './source-talk.js'
import { stringify } from './texts.js'

/**
 * No turn speaks of what it was made from or by: the source text where the dialogue knows of no text, parts of our prompts,
 * tokens of chat templates, what was escaped once too often. Beyond the paper.
 */
export const metaLeak: Rule = {
  name: 'meta-leak',
  mode: 'drop',
  check: (trajectory, { source }) => {
    const signsOf = readerOf(trajectory, source)
    return trajectory.messages.flatMap((message, index) => findingsOf('meta-leak', signsOf(message).leak, index))
  }
}

/**
 * Weaker signs of the same, which a dialogue may mean otherwise: `according to the document` where it knows of documents,
 * `the passage`, HTML entities, an escaped line feed. Reported only.
 */
export const metaMention: Rule = {
  name: 'meta-mention',
  mode: 'report',
  check: (trajectory, { source }) => {
    const signsOf = readerOf(trajectory, source)
    return trajectory.messages.flatMap((message, index) => {
      const { leak, mention } = signsOf(message)
      return leak === undefined ? findingsOf('meta-mention', mention(), index) : []
    })
  }
}

interface Signs { readonly leak: string | undefined, readonly mention: () => string | undefined }

function readerOf (trajectory: Trajectory, source: string | undefined): (message: Message) => Signs {
  let tools: string | undefined
  const toolText = (): string => (tools ??= trajectory.tools.map(tool => `${tool.name} ${tool.description} ${stringify(tool.parameters)}`).join('\n'))
  const own = { source, toolText }
  const knows = nounsOf(trajectory, toolText)
  return message => {
    const talk = sourceTalk(message, knows)
    const leak = residueOf(message, own) ?? (talk?.isLeak === true ? talk.quoted : undefined)
    return { leak, mention: () => talk?.quoted ?? doubtfulResidueOf(message, own) }
  }
}

function findingsOf (rule: string, sign: string | undefined, message: number): Finding[] {
  return sign === undefined ? [] : [{ rule, message: `it says ${quote(sign)}`, where: { message } }]
}
