import { CONTENT_MUTATORS } from './content-mutators.js'
import type { Chance } from './dialogue.js'
import { callsOf, indexesOf, isCall, isData, isTool, mutator, onIndex, onSlot, onTool, pick, slotsOf, type Draft, type Mutator, type Slot, type Turn, type Value } from './draft.js'

const ID_VALUE = /^#?[A-Za-z_]*[-_]?\d{4,}$|^[a-z]+_[a-z]+_\d{4}$|^[A-Z]{2,4}-\d{3,}$/
const ID_KEY = /(?:_id|_number|_account|otp|pin)$/

/** Every digit by another one. */
const shiftDigits = (text: string, by: number): string => text.replace(/\d/g, digit => String((Number(digit) + by) % 10))

function changeId (draft: Draft, chance: Chance): unknown {
  const slot = pick(chance, slotsOf(draft).filter(({ holder, key }) => ID_KEY.test(key) && typeof holder[key] === 'string' && ID_VALUE.test(holder[key] as string)))
  if (slot === undefined) return undefined
  const text = JSON.stringify(draft).replace(/\D/g, '')
  const forms = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(by => shiftDigits(slot.holder[slot.key] as string, by))
  const unseen = pick(chance, forms.filter(form => !text.includes(form.replace(/\D/g, ''))))
  if (unseen !== undefined) slot.holder[slot.key] = unseen
  return unseen
}

const typeOf = ({ schema }: Slot): unknown => schema.type

export const MUTATORS: readonly Mutator[] = [
  mutator('rename a required argument', 'argument-required', onSlot(slot => slot.required, ({ holder, key }) => { holder[`${key}_x`] = holder[key]; delete holder[key] })),
  mutator('rename an argument', 'argument-name', onSlot(slot => Object.keys(slot.schema).length > 0, ({ holder, key }) => { holder[`my_${key}`] = holder[key]; delete holder[key] })),
  mutator('remove a required argument', 'argument-required', onSlot(slot => slot.required, ({ holder, key }) => { delete holder[key] })),
  mutator('add an argument', 'argument-name', (draft, chance) => { const call = pick(chance, callsOf(draft)); if (call !== undefined) call.arguments.verbose_mode = true; return call }),
  mutator('add a nested argument', 'argument-name', onSlot(slot => slot.nested && Object.keys(slot.schema).length > 0, ({ holder }) => { holder.extra_field = 'x' })),
  mutator('another type', 'argument-type', onSlot(slot => typeof typeOf(slot) === 'string', ({ holder, key, schema }) => { holder[key] = schema.type === 'string' ? { value: holder[key] } : 'some' })),
  mutator('a number as text', 'argument-type', onSlot(slot => ['integer', 'number'].includes(String(typeOf(slot))), ({ holder, key }) => { holder[key] = String(holder[key]) })),
  mutator('half an integer', 'argument-type', onSlot(slot => typeOf(slot) === 'integer', ({ holder, key }) => { holder[key] = Number(holder[key]) + 0.5 })),
  mutator('null where none is allowed', 'argument-type', onSlot(slot => slot.required && typeof typeOf(slot) === 'string', ({ holder, key }) => { holder[key] = null })),
  mutator('outside the enum', 'argument-type', onSlot(slot => Array.isArray(slot.schema.enum), ({ holder, key }) => { holder[key] = 'something_else' })),
  mutator('a list as its item', 'argument-type', onSlot(slot => typeOf(slot) === 'array', ({ holder, key }) => { holder[key] = (holder[key] as unknown[])[0] ?? 'x' })),
  mutator('drop an observation', 'call-observation', onIndex(isTool, (index, draft) => { draft.messages.splice(index, 1) })),
  mutator('duplicate an observation', 'call-observation', onIndex(isTool, (index, draft) => { draft.messages.splice(index, 0, structuredClone(draft.messages[index] as Turn)) })),
  mutator('an observation of no call', 'call-observation', onIndex(isTool, (index, draft) => { (draft.messages[index] as { toolCallId: string }).toolCallId = 'call_999' })),
  mutator('one id for two calls', 'call-observation', draft => { const [one, two] = callsOf(draft); if (one !== undefined && two !== undefined) two.id = one.id; return two }),
  mutator('swap call and observation', 'turn-order', onIndex(isCall, (index, { messages }) => { [messages[index], messages[index + 1]] = [messages[index + 1] as Turn, messages[index] as Turn] })),
  mutator('tool, then user', 'turn-order', onIndex(isTool, (index, draft) => { draft.messages.splice(index + 1, 0, { role: 'user', content: 'And now?' }) })),
  mutator('call, then user', 'turn-order', onIndex(isCall, (index, draft) => { draft.messages.splice(index + 1, 0, { role: 'user', content: 'Are you there?' }) })),
  mutator('two users in a row', 'turn-order', onIndex(turn => turn.role === 'user', (index, draft) => { draft.messages.splice(index, 0, { role: 'user', content: 'Hello?' }) })),
  mutator('a second system prompt', 'turn-order', onIndex(turn => turn.role === 'user', (index, draft) => { draft.messages.splice(index, 0, { role: 'system', content: 'Be kind.' }) })),
  mutator('no system prompt', 'turn-order', draft => draft.messages.shift()),
  mutator('assistant first', 'turn-order', draft => draft.messages.splice(1, 0, { role: 'assistant', content: 'Hello!', toolCalls: [] })),
  mutator('remove the last assistant', 'turn-order', draft => draft.messages.at(-1)?.role === 'assistant' ? draft.messages.pop() : undefined),
  mutator('swap two observations', 'turn-order', (draft, chance) => {
    const indexes = indexesOf(draft, isTool)
    const at = chance.integer(0, indexes.length - 2)
    const [one, two] = [draft.messages[indexes[at] as number], draft.messages[indexes[at + 1] as number]] as Array<{ toolCallId: string }>
    if (one === undefined || two === undefined) return undefined
    ;[one.toolCallId, two.toolCallId] = [two.toolCallId, one.toolCallId]
    return one
  }),
  mutator('empty a turn', 'turn-empty', onIndex(turn => !isCall(turn), (index, draft, chance) => { (draft.messages[index] as { content: string }).content = chance.pick(['', ' ', '\n\t']) })),
  mutator('leave a tag', 'tags-unclosed', onIndex(() => true, (index, draft, chance) => {
    (draft.messages[index] as { content: string }).content += chance.pick(['</assistant>', '<func>{"name": "x"}', '</tool_call>', '<user>', '</tool>', '<think>hm', '</system>', '< assistant >'])
  })),
  mutator('call a tool by another name', 'call-tool-known', (draft, chance) => { const call = pick(chance, callsOf(draft)); if (call !== undefined) call.name += '_v2'; return call }),
  mutator('remove a called tool', 'call-tool-known', (draft, chance) => {
    const name = pick(chance, callsOf(draft))?.name
    draft.tools = draft.tools.filter(tool => tool.name !== name)
    return name
  }),
  mutator('define a tool twice', 'tool-name-unique', (draft, chance) => { const tool = pick(chance, draft.tools); if (tool !== undefined) draft.tools.push(structuredClone(tool)); return tool }),
  mutator('a tool name with a space', 'tool-definition', onTool(tool => { tool.name = `my ${tool.name}` })),
  mutator('a tool without description', 'tool-definition', onTool(tool => { tool.description = '' })),
  mutator('parameters without properties', 'tool-definition', onTool(tool => { delete tool.parameters.properties })),
  mutator('parameters that are no object', 'tool-definition', onTool(tool => { tool.parameters.type = 'array' })),
  mutator('a type that does not exist', 'tool-definition', (draft, chance) => {
    const property = pick(chance, draft.tools.flatMap(tool => Object.values(tool.parameters.properties as Record<string, Value>)))
    if (property !== undefined) property.type = chance.pick(['int', 'str', 'float', 'list', 'datetime'])
    return property
  }),
  mutator('a remote reference', 'tool-definition', onTool(tool => { (tool.parameters.properties as Value).other = { $ref: 'https://schemas.example/thing.json' } })),
  mutator('a reference to nothing', 'tool-definition', onTool(tool => { (tool.parameters.properties as Value).other = { $ref: '#/$defs/thing' } })),
  mutator('require what is not declared', 'tool-definition', onTool(tool => { tool.parameters.required = [...tool.parameters.required as string[], 'not_declared'] })),
  mutator('a success as a scalar, or broken off', 'observation-structure', onIndex(isData, (index, draft, chance) => {
    const turn = draft.messages[index] as { content: string }
    turn.content = chance.pick(['42', '"done"', 'true', 'null', turn.content.slice(0, -1), turn.content.replaceAll('"', "'")])
  })),
  mutator('a success as prose', 'observation-unstructured', onIndex(isData, (index, draft, chance) => {
    (draft.messages[index] as { content: string }).content = chance.pick(['The request went through and everything is set up.', 'Success', 'Booked: two seats by the window, total 120 dollars.', 'OK'])
  })),
  mutator('one call alone', 'calls-too-few', draft => {
    const first = draft.messages.findIndex(isCall)
    return draft.messages.splice(first + 2, draft.messages.length, { role: 'assistant', content: 'That is all.', toolCalls: [] })
  }),
  ...CONTENT_MUTATORS,
  mutator('an id that nobody said', 'grounding', changeId),
  mutator('an invented e-mail', 'grounding', onSlot(slot => /email|to$/.test(slot.key) && String(slot.holder[slot.key]).includes('@'), ({ holder, key }, chance) => {
    const invented = `customer${chance.digits(3)}@invented.example`
    holder[key] = Array.isArray(holder[key]) ? [invented] : invented
  })),
  mutator('an invented phone number', 'grounding', onSlot(slot => /phone|mobile/.test(slot.key), ({ holder, key }, chance) => { holder[key] = `+1202${chance.digits(7)}` })),
  mutator('an invented credential', 'grounding', onSlot(slot => /token|password|otp/.test(slot.key), ({ holder, key }, chance) => { holder[key] = `Xq${chance.digits(8)}` }))
]
