/** A number with its unit and the words around it: what a limit looks like in a text. */
export interface Measure {
  /** As it stands in the text. */
  readonly quoted: string
  readonly numbers: readonly number[]
  /** `size` for `100x160`, `clock` in minutes, `money`, `%`, or the word that follows, singular and lower case. */
  readonly unit: string
  /** Words of the same sentence near it that say what it is about. */
  readonly around: ReadonlySet<string>
}

const NUMBER = '(?:\\d{1,3}(?:,\\d{3}){1,5}|\\d{1,15})(?:\\.\\d{1,6})?'
const LENGTH = '(?:\\s?(?:cm|mm|m|in|inch|inches|ft|feet|px))?'
const WORDS: Readonly<Record<string, number>> = {
  two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11, twelve: 12, fourteen: 14, fifteen: 15, twenty: 20,
  'twenty-one': 21, 'twenty-four': 24, thirty: 30, forty: 40, 'forty-five': 45, 'forty-eight': 48, fifty: 50, sixty: 60, 'seventy-two': 72, ninety: 90, hundred: 100
}
const MEASURE = new RegExp(
  '(?<clock>\\b\\d{1,2}:\\d{2}\\b(?:\\s?[ap]\\.?m\\b)?|\\b\\d{1,2}\\s?[ap]\\.?m\\b)|' +
  `(?<size>(?<![\\w.])${NUMBER}${LENGTH}\\s?(?:[x×*]|by)\\s?${NUMBER}(?:\\s?(?:[x×*]|by)\\s?${NUMBER})?)${LENGTH}\\b|` +
  `(?<money>[$€£]\\s?${NUMBER}|(?<![\\w.])${NUMBER}\\s?(?:dollars?|euros?|pounds?|usd|eur|gbp|€|£)(?!\\w))|` +
  `(?<![\\w.])(?<plain>${NUMBER}|${Object.keys(WORDS).reverse().join('|')})(?<share>\\s?(?:%|percent\\b|per cent\\b))?(?:[\\s-]{1,2}(?<first>[a-z°][a-z]{0,23})(?:[\\s-]{1,2}(?<second>[a-z]{1,24}))?|(?<glued>[a-z°]{1,4})\\b)?`, 'gi')

/** Units proper: the second word after a number counts where it is one (`30 calendar days`). */
const UNITS = /^(?:seconds?|minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|months?|years?|kg|kilos?|kilograms?|grams?|g|lbs?|pounds?|km|kilometers?|kilometres?|miles?|m|meters?|metres?|cm|mm|litres?|liters?|ml|degrees?|°c|°f|people|persons?|guests?|adults?|children|items?|pieces?|copies|times|points?|gb|mb|tb|kb|pages?|characters?|words?)$/i
const SAME: Readonly<Record<string, string>> = { min: 'minute', hr: 'hour', kilo: 'kg', kilogram: 'kg', gram: 'g', kilometer: 'km', kilometre: 'km', meter: 'm', metre: 'm', litre: 'liter', people: 'person', lb: 'pound', percent: '%' }
const STOP_WORDS = new Set(('the and for with from that this than then must may not are any all has have can will be of to in on at by or is it its an a as no per more less least most ' +
  'maximum minimum max min within after before between under over about each every only up when your you their they who which into out also one other until than but if for so such we our us i').split(' '))
/** Words that stand beside any limit. */
const SAYS_LITTLE = new Set('should need needs allowed required applies apply rule rules note please customer customers user users limit limits total number amount does was were been would could them there these those what where while than very well make take give get use used'.split(' '))
const MAX_MEASURES = 400
const MAX_CHARACTERS = 60_000
const NEAR = 70

/** The numbers of a text that have a unit, at most 400 in its first 60,000 characters. */
export function measuresOf (text: string): Measure[] {
  const bounded = text.slice(0, MAX_CHARACTERS)
  const measures: Measure[] = []
  for (const match of bounded.matchAll(MEASURE)) {
    if (measures.length >= MAX_MEASURES) break
    const read = readMeasure(match.groups ?? {})
    if (read === undefined) continue
    measures.push({ ...read, quoted: match[0].trim(), around: wordsAround(bounded, match.index, match[0].length) })
  }
  return measures
}

type Groups = Readonly<Record<string, string | undefined>>

function readMeasure ({ clock, size, money, plain, share, first, second, glued }: Groups): Pick<Measure, 'numbers' | 'unit'> | undefined {
  if (clock !== undefined) return { numbers: [minutesOf(clock)], unit: 'clock' }
  if (size !== undefined) return { numbers: numbersIn(size), unit: 'size' }
  if (money !== undefined) return { numbers: numbersIn(money), unit: 'money' }
  if (plain === undefined) return undefined
  const numbers = [WORDS[plain.toLowerCase()] ?? Number(plain.replaceAll(',', ''))]
  if (share !== undefined) return { numbers, unit: '%' }
  const word = glued ?? (second !== undefined && UNITS.test(second) && !UNITS.test(first ?? '') ? second : first)
  const unit = /^(?:19|20)\d{2}$/.test(plain) ? undefined : unitOf(word)
  return unit === undefined ? undefined : { numbers, unit }
}

function minutesOf (clock: string): number {
  const [, hour, minute = '0', half] = /^(\d{1,2})(?::(\d{2}))?\s?([ap])?/i.exec(clock) ?? []
  const hours = half === undefined ? Number(hour) : Number(hour) % 12 + (half.toLowerCase() === 'p' ? 12 : 0)
  return hours * 60 + Number(minute)
}

function numbersIn (text: string): number[] {
  return (text.match(/\d[\d,]*(?:\.\d+)?/g) ?? []).map(number => Number(number.replaceAll(',', '')))
}

/** Singular, lower case; undefined for a word that names nothing. */
function unitOf (word: string | undefined): string | undefined {
  const lower = word?.toLowerCase()
  if (lower === undefined || STOP_WORDS.has(lower)) return undefined
  const singular = lower.length > 3 ? lower.replace(/s$/, '') : lower
  return SAME[singular] ?? singular
}

/** Words of the same sentence or list item, within 70 characters on either side; a number cuts off what belongs to another. */
function wordsAround (text: string, at: number, length: number): Set<string> {
  const before = text.slice(Math.max(0, at - NEAR), at).split(/[!?;\n]|\.(?!\d)/).at(-1) ?? ''
  const after = text.slice(at + length, at + length + NEAR).split(/[!?;\n]|\.(?!\d)/, 1)[0] ?? ''
  const words = `${before} ${after}`.toLowerCase().match(/[a-z]{3,}(?:-[a-z]+)*/g) ?? []
  return new Set(words.filter(word => !STOP_WORDS.has(word) && !SAYS_LITTLE.has(word)).map(word => word.replace(/s$/, '')))
}
