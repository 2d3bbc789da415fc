/**
 * Catches a change of detector, sample or thresholds that loses English texts or lets others pass for English. It cannot say
 * how a crawl would fare: the table was written for it, and holds far more hard cases than a crawl does.
 */
import fc from 'fast-check'
import { readFile } from 'node:fs/promises'
import t from 'tap'
import { detectLanguage } from '../../lib/text/detect-language.js'

interface Row { readonly language: string | null, readonly kind: string, readonly text: string }

const lines = (await readFile(new URL('../fixtures/text/languages.jsonl', import.meta.url), 'utf8')).trim().split('\n')
const rows = lines.map(line => JSON.parse(line) as Row)

/** What the detector does not know by itself: other languages, and known ones in letters that are not theirs. */
const STRANGE = ['unknown', 'transliterated']

function countOutcomes (chosen: readonly Row[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { language, text } of chosen) {
    const said = detectLanguage(text).language
    const outcome = said === language ? 'right' : said ?? 'undefined'
    counts[outcome] = (counts[outcome] ?? 0) + 1
  }
  return counts
}

t.test('the labelled table -> at least 300 texts, 15 languages', async t => {
  t.ok(rows.length >= 300 && new Set(rows.map(row => row.language)).size >= 16)
})

t.test('English with code, names, quotes, capitals, lists, recipes, hostile -> English, or undefined; never another language', async t => {
  t.strictSame(countOutcomes(rows.filter(({ language }) => language === 'en')), { right: 111, undefined: 10 })
})

t.test('English of names in other languages and of recipes -> all that is undefined', async t => {
  const unsure = rows.filter(({ language, text }) => language === 'en' && detectLanguage(text).language === undefined).map(({ kind }) => kind)
  t.strictSame([...new Set(unsure)].sort(), ['names', 'recipe'])
})

t.test('other languages -> named, or undefined; never English', async t => {
  const others = rows.filter(({ language, kind }) => language !== null && language !== 'en' && !STRANGE.includes(kind))
  t.strictSame(countOutcomes(others), { right: 134, undefined: 7, pt: 1, zh: 1 })
})

t.test('unknown languages, and known ones in Latin letters -> never English', async t => {
  const strange = rows.filter(({ kind }) => STRANGE.includes(kind))
  t.strictSame(countOutcomes(strange), { undefined: 19, fr: 1, nl: 1 })
})

const cases = [
  { title: 'nothing', text: '', language: undefined },
  { title: 'two letters', text: 'ok', language: undefined },
  { title: 'digits and marks', text: '12 34 +---+ 56 !!!', language: undefined },
  { title: 'an address alone', text: 'https://example.com/the/way/to/the/house', language: undefined },
  { title: 'English between menus in German', text: `Startseite | Produkte | Warenkorb\n${'The door opens at nine and closes when the last guest has left. '.repeat(20)}Impressum | Datenschutz`, language: 'en' },
  { title: 'German between menus in English', text: `Home | Products | Log in\n${'Die Tür öffnet um neun und schließt, wenn der letzte Gast gegangen ist. '.repeat(20)}All rights reserved`, language: 'de' },
  { title: 'one half English, one half German', text: 'The door opens at nine and closes late. '.repeat(30) + 'Die Tür öffnet um neun und schließt spät. '.repeat(30), language: undefined },
  { title: 'a lone surrogate', text: '\ud800', language: undefined }
]

for (const { title, text, language } of cases) {
  t.test(`${title} -> ${language ?? 'undefined'}`, async t => {
    t.equal(detectLanguage(text).language, language)
  })
}

t.test('any text -> a code of two letters or undefined, confidence from 0 to 1, and the same again', async () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), text => {
    const { language, confidence } = detectLanguage(text)
    return (language === undefined || /^[a-z]{2}$/.test(language)) && confidence >= 0 && confidence <= 1 &&
      confidence === detectLanguage(text).confidence
  }))
})

t.test('a megabyte of what is hard for patterns -> answered', async t => {
  for (const piece of ['a', 'a.', 'a@', '@', '1a', 'www.', "'", '\u0301', '漢', '-']) {
    t.type(detectLanguage(piece.repeat(1_000_000 / piece.length)).confidence, 'number')
  }
})
