import fc from 'fast-check'
import t from 'tap'
import { createPaint } from '../../lib/app/terminal/paint.js'
import { binsOf, formatBar, formatHistogram } from '../../lib/app/terminal/plot.js'
import { printable } from '../../lib/app/terminal/printable.js'
import { formatTable } from '../../lib/app/terminal/table.js'
import { fit, pad, widthOf, wrap } from '../../lib/app/terminal/width.js'

/** Characters that a terminal obeys, hides or reorders by. */
const DANGEROUS = /[^\P{C}\n]|[\u2028\u2029]/u

t.test('text of documents and models -> nothing that a terminal obeys', async t => {
  const cases = [
    { name: 'plain', text: 'Öl für 3 €', shown: 'Öl für 3 €' },
    { name: 'colour', text: 'a\u001b[31mred', shown: 'a\\u{1b}[31mred' },
    { name: 'title of the window', text: '\u001b]0;owned\u0007', shown: '\\u{1b}]0;owned\\u{7}' },
    { name: 'C1 control', text: 'a\u009b2Jb', shown: 'a\\u{9b}2Jb' },
    { name: 'bidi override', text: 'user\u202egpj.exe', shown: 'user\\u{202e}gpj.exe' },
    { name: 'bidi isolate', text: '\u2066x\u2069', shown: '\\u{2066}x\\u{2069}' },
    { name: 'zero width', text: 'pass\u200bword', shown: 'pass\\u{200b}word' },
    { name: 'tag characters', text: 'a\u{e0041}', shown: 'a\\u{e0041}' },
    { name: 'lone surrogate', text: 'a\ud800b', shown: 'a\\u{d800}b' },
    { name: 'line feeds in one line', text: 'a\r\n\n b\u2028c', shown: 'a b c' },
    { name: 'backspace', text: 'no\b\byes', shown: 'no\\u{8}\\u{8}yes' },
    { name: 'emoji', text: 'fine 👍', shown: 'fine 👍' }
  ]
  for (const { name, text, shown } of cases) t.equal(printable(text), shown, name)
  t.equal(printable('a\r\n\tb\u0000', { lines: true }), 'a\n  b\\u{0}', 'lines are kept where asked for')
})

t.test('long text -> cut to its beginning, never in the middle of a character', async t => {
  t.equal(printable('abcdef', { most: 3 }), 'abc…')
  t.equal(printable('abc', { most: 3 }), 'abc')
  t.equal(printable('ab👍', { most: 3 }), 'ab…')
  t.equal(printable(`a${' '.repeat(1_000_000)}b`, { most: 3 }), 'a…', 'folding may leave less than asked for')
})

t.test('any text -> printable, and the same again', async t => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.boolean(), (text, lines) => {
    const shown = printable(text, { lines })
    return !DANGEROUS.test(shown) && printable(shown, { lines }) === shown
  }))
  t.pass('for 100 texts')
})

t.test('widths -> columns of a terminal', async t => {
  const cases = [
    { text: 'abc', width: 3 }, { text: '日本', width: 4 }, { text: 'e\u0301', width: 1 }, { text: '한글x', width: 5 }, { text: '', width: 0 }, { text: '→ ü', width: 3 }
  ]
  for (const { text, width } of cases) t.equal(widthOf(text), width, text)
  t.equal(fit('abcdef', 4), 'abc…')
  t.equal(fit('日本語', 5), '日本…')
  t.equal(fit('日本語', 4), '日…')
  t.equal(fit('abc', 0), '')
  t.equal(pad('日', 4) + '|', '日  |')
  t.equal(pad('7', 3, 'right'), '  7')
  t.strictSame(wrap('one two three', 7), ['one two', 'three'])
  t.strictSame(wrap('abcdefgh ij', 4), ['abcd', 'efgh', 'ij'])
  t.strictSame(wrap('a\n\nb', 4), ['a', '', 'b'])
})

t.test('any text and width -> no line is wider, no visible character is lost', async t => {
  fc.assert(fc.property(fc.string({ maxLength: 100 }), fc.integer({ min: 2, max: 30 }), (raw, width) => {
    const text = printable(raw)
    const lines = wrap(text, width)
    return lines.every(line => widthOf(line) <= width) && lines.join('').replaceAll(' ', '') === text.replaceAll(' ', '') && widthOf(fit(text, width)) <= width
  }))
  t.pass('for 100 texts')
})

t.test('a table wider than the terminal -> flexible columns give way, the others never', async t => {
  const columns = [{ title: 'file', flexible: true }, { title: 'rows', align: 'right' as const }]
  const rows = [['a-very-long-name-of-a-file.jsonl', '12'], ['b', '3456']]
  t.strictSame(formatTable(columns, rows, 80).split('\n'), [
    'file                              rows',
    'a-very-long-name-of-a-file.jsonl    12',
    'b                                 3456'
  ])
  t.strictSame(formatTable(columns, rows, 18).split('\n'), [
    'file          rows',
    'a-very-long…    12',
    'b             3456'
  ])
  t.ok(formatTable(columns, rows, 2).split('\n').every(line => line.includes('  ')), 'a column keeps its least width')
})

t.test('colours -> only where asked for', async t => {
  t.equal(createPaint(true).red('x'), '\u001b[31mx\u001b[39m')
  t.equal(createPaint(false).red('x'), 'x')
  t.equal(createPaint(true).bold(''), '')
})

t.test('bars -> in eighths, and anything above nothing can be seen', async t => {
  const cases = [
    { share: 0, bar: '' }, { share: 0.0001, bar: '▏' }, { share: 0.5, bar: '██' }, { share: 0.53125, bar: '██▏' }, { share: 1, bar: '████' }, { share: 7, bar: '████' }
  ]
  for (const { share, bar } of cases) t.equal(formatBar(share, 4), bar, `${share}`)
})

t.test('values -> bins of equal, round width', async t => {
  t.strictSame(binsOf(new Map()), [])
  t.strictSame(binsOf(new Map([[3, 2], [5, 1]])), [{ from: 3, to: 3, count: 2 }, { from: 4, to: 4, count: 0 }, { from: 5, to: 5, count: 1 }])
  t.strictSame(binsOf(new Map([[7, 1], [12, 4], [46, 2]]), 5).map(({ from, to, count }) => [from, to, count]), [[0, 9, 1], [10, 19, 4], [20, 29, 0], [30, 39, 0], [40, 49, 2]])
  t.strictSame(formatHistogram([{ from: 0, to: 9, count: 10 }, { from: 10, to: 19, count: 5 }], 20), ['  0–9  █████████  10', '10–19  ████▌       5'])
})

t.test('any counts -> every value lies in exactly one bin', async t => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(100_000), fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 50 }), fc.integer({ min: 1, max: 20 }), (pairs, most) => {
    const counts = new Map(pairs)
    const bins = binsOf(counts, most)
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
    const byRange = bins.map(({ from, to }) => [...counts].filter(([value]) => value >= from && value <= to).reduce((sum, [, count]) => sum + count, 0))
    return bins.length <= most + 1 && bins.reduce((sum, { count }) => sum + count, 0) === total && bins.every(({ count }, at) => count === byRange[at])
  }))
  t.pass('for 100 cases')
})
