/** A number that a text says, with what tells what it counts. */
export interface Mention {
  readonly value: number
  /** The word or sign beside it, lower case: `%`, `$`, `km`, `tickets`; empty if none. */
  readonly unit: string
  /** The JSON key that it stands under, lower case; empty outside of JSON. */
  readonly key: string
}

const ONES = ('zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen ' +
  'seventeen eighteen nineteen twenty').split(' ')
const WORD_NUMBERS = new Map<string, number>([
  ...ONES.map((word, value) => [word, value] as const),
  ...Object.entries({ dozen: 12, thirty: 30, forty: 40, fifty: 50, sixty: 60, seventy: 70, eighty: 80, ninety: 90, hundred: 100, thousand: 1_000 })
])
const SCALES: Readonly<Record<string, number>> = { k: 1e3, thousand: 1e3, m: 1e6, mn: 1e6, million: 1e6, bn: 1e9, billion: 1e9 }

/** Dates, times and ids hold digits that count nothing. */
const NO_NUMBER = new RegExp([
  '\\d{4}-\\d{1,2}-\\d{1,2}(?:T[\\d:.]+Z?)?', '\\d{1,2}/\\d{1,2}(?:/\\d{2,4})?', '\\d{1,2}:\\d{2}(?::\\d{2})?',
  '#\\d+', '(?!(?:usd|eur|gbp|inr|jpy|rs)\\d)\\p{L}[\\p{L}_-]{0,20}[-_]?\\d[\\p{L}\\p{N}]*(?:[-_][\\p{L}\\p{N}]+)*', '\\d+(?:-\\d+){2,}'
].map(part => `(?<![\\p{L}\\p{N}])${part}(?![\\p{L}\\p{N}])`).join('|'), 'giu')
const NUMBER = new RegExp(`(?:"([^"\\\\]{1,40})"\\s{0,4}:\\s{0,4}[["]?\\s?)?(?:([$€£¥₹]|\\b(?:usd|eur|gbp|inr|jpy|rs)\\.?)\\s?|(?<![\\p{L}\\p{N}.]))(\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?|(?:${[...WORD_NUMBERS.keys()].join('|')})(?![\\p{L}]))[\\s-]{0,2}(%|[\\p{L}°]{1,12})?`, 'giu')
const SAME_LIST = /^[\s,[\]"]{0,8}$/

/** Numbers of a text, in order: `$1,299.50` is 1299.5, `a dozen` 12, `10k` 10000. A comma may group digits or part two numbers. */
export function mentionsOf (text: string): Mention[] {
  const mentions: Mention[] = []
  const masked = text.replace(NO_NUMBER, ' _ ')
  let end = 0
  for (const match of masked.matchAll(NUMBER)) {
    const [whole, key, sign, digits = '', word = ''] = match
    const before = mentions.at(-1)
    const isSameList = key === undefined && before !== undefined && match.index - end < 8 && SAME_LIST.test(masked.slice(end, match.index))
    end = match.index + whole.length
    const unit = (sign ?? word).toLowerCase()
    const beside = { unit, key: key?.toLowerCase() ?? (isSameList ? before.key : '') }
    mentions.push(...valuesOf(digits, word).map(value => ({ value, ...beside })))
  }
  return mentions
}

function valuesOf (digits: string, word: string): number[] {
  const inWords = WORD_NUMBERS.get(digits.toLowerCase())
  const value = inWords ?? Number(digits.replaceAll(',', ''))
  const scale = SCALES[word.toLowerCase()]
  const readings = digits.includes(',') ? [value, ...digits.split(',').map(Number)] : [value]
  return (scale === undefined ? readings : [...readings, value * scale]).filter(Number.isFinite)
}
