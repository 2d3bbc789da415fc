/** Kinds of writing: a claim of one kind is not backed by a call of another. `set` is any change, and backs all. */
export type Deed = 'make' | 'remove' | 'change' | 'pay' | 'send' | 'set'

const WORDS: Readonly<Record<Deed, string>> = {
  make: 'add attach book buy create enrol enroll file generate insert issue join log make open order place post print publish purchase record register request reserve save schedule start submit subscribe upload write',
  remove: 'archive cancel clear close delete deactivate disable discard drop erase release remove revoke stop terminate unsubscribe void withdraw',
  change: 'activate allocate approve assign block change edit enable exchange extend lock merge modify move reassign rebook rename renew reopen reorder replace reschedule reset restart restore reverse rotate suspend switch swap transfer unlock upgrade',
  pay: 'charge credit debit deposit pay refund redeem reimburse waive',
  send: 'email forward invite mail message notify remind reply send share',
  set: 'adjust apply complete configure confirm execute finalize finalise manage process run set settle sync update put patch'
}

const DEED_OF = new Map(Object.entries(WORDS).flatMap(([deed, words]) => words.split(' ').map(word => [word, deed as Deed] as const)))

/** The kind of writing that a word means: `moved`, `Moves` and `move` are one. Undefined for a word of no kind. */
export function deedOf (word: string): Deed | undefined {
  return basesOf(word.toLowerCase()).map(base => DEED_OF.get(base)).find(deed => deed !== undefined)
}

/** Whether a call of one kind may be what a claim of another speaks of. */
export function backs (done: Deed | undefined, claimed: Deed | undefined): boolean {
  return done === undefined || claimed === undefined || done === 'set' || claimed === 'set' || done === claimed
}

function basesOf (word: string): string[] {
  const irregular = IRREGULAR.get(word)
  if (irregular !== undefined) return [irregular]
  return [word, word.replace(/(?:d|s)$/, ''), word.replace(/(?:ed|es)$/, ''), word.replace(/(\w)\1ed$/, '$1'), word.replace(/(?:ied|ies)$/, 'y')]
}

const IRREGULAR = new Map([['sent', 'send'], ['paid', 'pay'], ['bought', 'buy'], ['made', 'make'], ['withdrawn', 'withdraw'], ['written', 'write'], ['e-mailed', 'email']])
