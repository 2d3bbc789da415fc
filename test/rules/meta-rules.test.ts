import t from 'tap'
import { checkTrajectory } from '../../lib/rules/index.js'
import { dialogue, string, tool } from '../support/dialogue.js'

interface Case { readonly title?: string, readonly text?: string, readonly user?: string, readonly system?: string, readonly observation?: object | string, readonly description?: string, readonly args?: object, readonly source?: string }

/** What the two rules find: `meta-leak "…"` or `meta-mention "…"`. */
function found ({ text = 'You may return it within 30 days.', user = 'May I return my shoes?', system = 'You help a shop.', observation = { state: 'open' }, description = 'Finds an order.', args = {}, source }: Case): string[] {
  const trajectory = dialogue(system, [tool('find_order', description, { order_id: string('Order'), 'note?': string('Note') })]).user(user).call('find_order', { order_id: 'x', ...args }, observation).say(text).end()
  return checkTrajectory(trajectory, { source, rules: { grounding: 'off' } }).findings.filter(({ rule }) => rule.startsWith('meta-')).map(({ rule, mode, message }) => `${rule} ${mode} ${message}`)
}

const LEAKS: ReadonlyArray<Case & { readonly quoted: string }> = [
  { text: 'As described in the text, you may return it.', quoted: 'described in the text' },
  { text: 'According to the article, 30 days are allowed.', quoted: 'According to the article' },
  { text: 'The passage says that 30 days are allowed.', quoted: 'The passage says' },
  { text: 'Based on the provided document, yes.', quoted: 'Based on the provided document' },
  { text: 'That is not in the source text.', quoted: 'the source text' },
  { text: 'As the source text says, yes.', user: 'I sent you a text message about my shoes.', quoted: 'the source text says' },
  { system: 'Follow the steps outlined in the original article.', quoted: 'outlined in the original article' },
  { text: 'Done.<|im_end|>', quoted: '<|im_end|>' },
  { text: '[INST] Return it [/INST]', quoted: '[INST]' },
  { user: '[gMASK]<sop>Hello', quoted: '[gMASK]' },
  { text: '<start_of_turn>model', quoted: '<start_of_turn>' },
  { observation: { note: 'ok <|endoftext|>' }, quoted: '<|endoftext|>' },
  { args: { note: 'a <|eot_id|>' }, quoted: '<|eot_id|>' },
  { text: 'Done.\n### Response:\nDone.', quoted: '### Response:' },
  { text: 'Assistant: You may return it.', quoted: 'Assistant:' },
  { text: 'See the candidate_tools above.', quoted: 'candidate_tools' },
  { text: 'It is locked (Pattern 2: Error recovery). I try again.', quoted: 'Pattern 2: Error recovery' },
  { text: 'I call &lt;func>{"name": 1}.', quoted: '&lt;func>' },
  { text: 'Hello,\\n\\nyou may return it.', quoted: '\\\\n\\\\n' },
  { text: 'The caf\\u00e9 is open.', quoted: '\\\\u00e9' }
].map(one => ({ ...one, quoted: one.quoted.replaceAll('\\\\', '\\') }))

t.test('talk of the source, prompts, templates and escapes -> meta-leak', t => {
  for (const { quoted, ...one } of LEAKS) t.same(found(one), [`meta-leak drop it says "${quoted}"`], JSON.stringify(one))
  t.end()
})

const MENTIONS: ReadonlyArray<Case & { readonly quoted: string }> = [
  { title: 'the dialogue knows of documents', text: 'According to the document, 30 days are allowed.', description: 'Finds a document.', quoted: 'According to the document' },
  { title: 'a user may have read anything', user: 'As stated in the article, may I return them?', quoted: 'stated in the article' },
  { title: 'no authority', text: 'I looked at the passage and it is fine.', quoted: 'the passage' },
  { title: 'an entity', text: 'Boots &amp; shoes may be returned.', quoted: '&amp;' },
  { title: 'one escaped line feed', text: 'Yes.\\nYou may return it.', quoted: '.\\n' }
]

t.test('weaker signs -> meta-mention, reported', t => {
  for (const { quoted, ...one } of MENTIONS) t.same(found(one), [`meta-mention report it says "${quoted}"`], one.title ?? '')
  t.end()
})

const NOTHING: readonly Case[] = [
  { user: 'I got the text you sent me, is it real?', text: 'The text message came from us.' },
  { user: 'Translate the text into Danish.', text: 'The text is translated.' },
  { text: 'The document store is full, and the text field takes 20 signs.' },
  { text: 'The article number is 4417.' },
  { text: 'I put it into the article.', user: 'Edit my article.' },
  { text: 'With the passage of time it fades.' },
  { text: 'The guide says: at most 12 people. The handbook allows 30 days.' },
  { text: 'The folder is C:\\new\\names, and `\\n` ends a line.' },
  { text: 'The pattern "\\n\\n" splits paragraphs, in code `\\u00e9`.' },
  { text: 'Escape it as &lt;func>.', source: 'A call is written as &lt;func> in HTML.' },
  { text: 'Use <b>bold</b> & co., and [INSTALL] or <s>no</s>.' },
  { system: 'You help.\n\n### Input\nOrders.\n\n### Instructions\nBe kind.' },
  { args: { note: 'line one\\n\\nline two' } },
  { observation: { html: 'a &lt; b &amp; c' } },
  { text: 'I pass source_text on.', description: 'Translates source_text.' }
]

t.test('talk of the domain -> nothing', t => {
  for (const one of NOTHING) t.same(found(one), [], JSON.stringify(one))
  t.end()
})
