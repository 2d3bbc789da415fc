import type { Chance } from './dialogue.js'
import { callsOf, isCall, isData, mutator, onIndex, onSlot, pick, type Call, type Draft, type Mutator, type Turn, type Value } from './draft.js'

const isSpoken = (turn: Turn): boolean => (turn.role === 'user' || turn.role === 'assistant') && turn.content.length > 20

/** Adds words to a turn of the assistant. */
const onSpeech = (words: readonly string[]) => onIndex(turn => turn.role === 'assistant' && isSpoken(turn), (index, draft, chance) => {
  (draft.messages[index] as { content: string }).content += chance.pick(words)
})

/** Changes the JSON object of an observation. */
const onObservation = (change: (value: Value, chance: Chance) => void) => onIndex(isData, (index, draft, chance) => {
  const turn = draft.messages[index] as { content: string }
  const value = JSON.parse(turn.content) as Value
  change(value, chance)
  turn.content = JSON.stringify(value)
})

/** A second call, equal to the first, in one turn, each with its observation. */
function doubleCall (index: number, { messages }: Draft): void {
  const [turn, answer] = [messages[index], messages[index + 1]] as [{ toolCalls: Call[] }, { content: string }]
  const [call] = turn.toolCalls as [Call]
  turn.toolCalls.push({ ...structuredClone(call), id: `${call.id}_too` })
  messages.splice(index + 2, 0, { role: 'tool', toolCallId: `${call.id}_too`, content: answer.content })
}

/** A call that only reads or that failed, made three times. */
function repeatCall (draft: Draft, chance: Chance): unknown {
  const fits = (turn: Turn, index: number): boolean => turn.role === 'assistant' && turn.toolCalls.length === 1 &&
    (/^(?:get|find|list|search|check|lookup|stock|track)(?:_|$)/.test(turn.toolCalls[0]?.name ?? '') || /error|failed|denied/i.test((draft.messages[index + 1] as { content: string }).content.slice(0, 12)))
  const index = pick(chance, draft.messages.flatMap((turn, at) => fits(turn, at) ? [at] : []))
  if (index === undefined) return undefined
  const [call, answer] = draft.messages.slice(index, index + 2) as [{ role: 'assistant', content: string, toolCalls: [Call] }, { role: 'tool', content: string }]
  const copies = ['again', 'once_more'].flatMap((id): Turn[] => [
    { role: 'assistant', content: '', toolCalls: [{ ...structuredClone(call.toolCalls[0]), id }] }, { role: 'tool', toolCallId: id, content: answer.content }
  ])
  return draft.messages.splice(index + 2, 0, ...copies)
}

/** Another shape for the last of a tool's answers, where it gave several that are objects. */
function driftShape (draft: Draft, chance: Chance): unknown {
  const names = new Map(callsOf(draft).map(call => [call.id, call.name]))
  const data = draft.messages.filter(turn => isData(turn) && !/^\{"error/.test((turn as { content: string }).content)) as Array<{ toolCallId: string, content: string }>
  const twice = data.filter((turn, index) => data.slice(0, index).some(other => names.get(other.toolCallId) === names.get(turn.toolCallId)))
  const turn = pick(chance, twice)
  if (turn === undefined) return undefined
  const value = JSON.parse(turn.content) as Value
  turn.content = JSON.stringify(chance.chance(0.5) ? { result: 'ok', payload: value } : Object.fromEntries(Object.entries(value).map(([key, inner]) => [`my_${key}`, inner])))
  return turn
}

const FOREIGN = [
  'Ich habe das für Sie geprüft, und es ist alles in Ordnung, aber die Lieferung wird noch ein paar Tage dauern, weil das Lager gerade umzieht.',
  'Bonjour, je voudrais savoir si vous pouvez changer la date de ma commande, parce que je ne serai pas à la maison cette semaine.',
  'Hola, me gustaría saber si es posible cambiar la fecha de mi pedido porque no voy a estar en casa durante esta semana.',
  'Vorrei sapere se è possibile cambiare la data del mio ordine, perché questa settimana non sono a casa e non c\'è nessuno.',
  '您好,我已经帮您查到了这个订单,请问您需要取消吗?', 'ご注文を確認しましたので、キャンセルしてもよろしいでしょうか。', 'Я проверил ваш заказ, и он будет доставлен завтра утром, если вы не против.', 'لقد راجعت طلبك وسوف يصل غدا صباحا إن شاء الله'
]
const LEAKS = [
  ' as described in the article.', ' According to the passage, that is how it is done.', ' The source text says so.', ' [INST] Go on. [/INST]', '<|im_end|>', ' <|start_header_id|>', '\n### Response:\nIt is done.', ' &lt;func>',
  ' Hello,\\n\\nit is done.', ' The caf\\u00e9 is open.', ' [gMASK]<sop>', ' (Pattern 2: error recovery)', ' See candidate_tools.'
]
const WRONG_SUMS: readonly Value[] = [
  { check_in: '2025-05-18', nights: 4, check_out: '2025-05-23' }, { issued_on: '2025-05-18', loan_days: 21, due_on: '2025-06-09' }, { start: '10:00', end: '11:45', duration_minutes: 90 },
  { items: [{ name: 'a', quantity: 2, unit_price: 12.5 }, { name: 'b', quantity: 1, unit_price: 30 }], total: 65 }, { subtotal: 80, tax: 16, total: 86 }, { quantity: 3, unit_price: 14.5, amount: 53.5 },
  { total: 903, paid: 100, balance: 830 }, { previous_balance: 500, amount: 120, new_balance: 400 }, { result_count: 3, results: [{ id: 1 }, { id: 2 }] }, { gross: 3576, tax: 643.68, social: 339.72, net: 2529.6 }
]

/** Break what turns and observations say. */
export const CONTENT_MUTATORS: readonly Mutator[] = [
  mutator('two calls in one turn', 'calls-per-turn', onIndex(isCall, doubleCall)),
  mutator('a call three times', 'repeated-call', repeatCall),
  mutator('a turn in another language', 'language', onIndex(turn => isSpoken(turn) && !isCall(turn), (index, draft, chance) => { (draft.messages[index] as { content: string }).content = chance.pick(FOREIGN) })),
  mutator('a word about the source or of a template', 'meta-leak', onSpeech(LEAKS)),
  mutator('a gap in an observation', 'placeholder', onObservation((value, chance) => { value[chance.pick(['items', 'note', '...'])] = chance.pick(['...', '…', ['one', '... 3 more'], '[...]', '// more', '(12 more items)']) })),
  mutator('a placeholder as an argument', 'placeholder', onSlot(slot => typeof slot.holder[slot.key] === 'string' && /_id$|number|token|email|name/.test(slot.key), ({ holder, key }, chance) => {
    holder[key] = chance.pick([`<${key}>`, `{{${key}}}`, '...', `[insert ${key}]`, 'YOUR_API_KEY', `your_${key}`])
  })),
  mutator('a placeholder in what is said', 'placeholder', onSpeech([' Dear [insert name], it is done.', ' Yours, [your name]', ' The number is <booking_id>.', ' The number is {{booking_id}}.', ' Use YOUR_API_KEY.'])),
  mutator('another shape of an answer', 'response-shape-drift', driftShape),
  mutator('a sum that does not add up', 'observation-arithmetic', onObservation((value, chance) => { value.extra_part = chance.pick(WRONG_SUMS) })),
  mutator('an amount that nobody said', 'text-ungrounded', (draft, chance) => onSpeech([` That is $${chance.digits(5)}.37 in all.`, ` It weighs ${chance.digits(6)} kg.`, ` Your reference is ZQX-${chance.digits(6)}.`])(draft, chance)),
  mutator('a write that nobody did', 'write-unbacked', draft => draft.messages.splice(2, 0, { role: 'assistant', content: 'I have refunded your last invoice and emailed you.', toolCalls: [] }, { role: 'user', content: 'Fine.' }))
]
