import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { DOMParser } from '@xmldom/xmldom'
import t from 'tap'
import { loadDrawing, WIDTH } from '../../../lib/app/report/draw.js'
import { renderPage } from '../../../lib/app/report/render-page.js'
import type { Figure, Page, Plot } from '../../../lib/app/report/spec.js'
import { HOSTILE_NAMES } from '../../support/report-page.js'

const bars = (rows: readonly string[], layout: 'stacked' | 'beside'): Plot => ({
  kind: 'bars', rowTitle: 'row', axis: 'records', format: 'count', layout, series: [{ name: HOSTILE_NAMES[0] as string, tone: 'first' }, { name: 'two', tone: 'reject' }],
  rows: rows.map((label, at) => ({ label, values: [at + 1, at === 0 ? 0 : 3] }))
})

const histogram: Plot = {
  kind: 'histogram', axis: HOSTILE_NAMES[1] as string, series: [{ name: 'refined', tone: 'first' }, { name: 'before', tone: 'second' }],
  bins: [{ from: 0, to: 9, counts: [5, 7] }, { from: 10, to: 19, counts: [15, 0] }, { from: 20, to: undefined, counts: [1, 0] }], marks: [{ label: HOSTILE_NAMES[2] as string, value: 46.1 }]
}

const lines: Plot = {
  kind: 'lines', x: { title: 'tokens', format: 'count', logarithmic: true }, y: { title: 'share', format: 'percent' },
  series: [{ name: 'this set', tone: 'first', points: [[10, 5], [1000, 80], [100_000, 100]] }], marks: [{ label: 'limit', value: 32_768 }]
}

const figureOf = (plot: Plot): Figure => ({ kind: 'figure', title: HOSTILE_NAMES[3] as string, caption: HOSTILE_NAMES[5] as string, plot })

const page = (plots: readonly Plot[]): Page => ({
  title: HOSTILE_NAMES[0] as string,
  lead: HOSTILE_NAMES[1] as string,
  notices: [HOSTILE_NAMES[2] as string],
  facts: [{ label: HOSTILE_NAMES[3] as string, value: HOSTILE_NAMES[4] as string }],
  sections: [{
    id: 'all', title: HOSTILE_NAMES[3] as string, intro: HOSTILE_NAMES[6] as string,
    blocks: [...plots.map(figureOf), { kind: 'table', title: HOSTILE_NAMES[0] as string, columns: [{ title: HOSTILE_NAMES[1] as string }], rows: HOSTILE_NAMES.map(name => [name]) }, { kind: 'remark', text: HOSTILE_NAMES[1] as string }]
  }]
})

const PLOTS: readonly Plot[] = [bars(HOSTILE_NAMES, 'stacked'), bars(HOSTILE_NAMES, 'beside'), histogram, lines]

/** Elements of a page by name, as a parser of HTML finds them; and everything that may run or load. */
function elementsOf (text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  for (const [, name = ''] of text.matchAll(/<([a-z][\w-]*)/gi)) found.set(name, (found.get(name) ?? 0) + 1)
  return found
}

t.test('hostile names everywhere -> the elements of the page are those of harmless names', async t => {
  const hostile = await renderPage(page(PLOTS))
  const harmless = await renderPage(JSON.parse(JSON.stringify(page(PLOTS)), (_, value: unknown) => typeof value === 'string' && HOSTILE_NAMES.includes(value) ? `name${value.length}` : value) as Page)
  t.strictSame(elementsOf(hostile), elementsOf(harmless))
  const names = [...elementsOf(hostile).keys()]
  t.strictSame(names.filter(name => ['script', 'img', 'iframe', 'object', 'embed', 'foreignObject', 'a', 'link'].includes(name)), ['link', 'a'])
  t.strictSame([...hostile.matchAll(/<(?:a|link)\b[^>]*href="([^"]*)"/g)].map(([, href]) => href), ['data:,', '#all'])
  t.notMatch(hostile, /<[^>]*\son\w+\s*=/, 'no handler')
  t.notMatch(hostile, /[^\P{C}\n]/u, 'nothing hides or turns')
  t.match(hostile, 'right\\u{202e}left')
  t.match(hostile, /Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:/)
})

t.test('the same page -> the same bytes, in another process too', async t => {
  const once = await renderPage(page(PLOTS))
  t.equal(await renderPage(page(PLOTS)), once)
  const code = `import { renderPage } from '${new URL('../../../lib/app/report/render-page.ts', import.meta.url).href}'\nprocess.stdout.write(await renderPage(${JSON.stringify(page(PLOTS))}))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--import=tsx', '--input-type=module', '-e', code], { maxBuffer: 1e8, env: { ...process.env, TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' } })
  t.equal(stdout.length, once.length)
  t.ok(stdout === once)
})

t.test('plots -> SVG that is XML, colours by variables, a word for who cannot see it, and each number on its mark', async t => {
  const drawing = await loadDrawing()
  for (const plot of PLOTS) {
    const text = drawing.draw(plot, 'A "label" <of> it')
    const svg = new DOMParser({ onError: (level, message) => { throw new Error(`${level}: ${message}`) } }).parseFromString(text, 'image/svg+xml').documentElement
    t.match([svg?.getAttribute('role'), svg?.getAttribute('aria-label'), svg?.getAttribute('width')], ['img', 'A "label" <of> it', String(WIDTH)])
    t.notMatch(text, /#[0-9a-f]{3,6}\b|rgb\(|<style/, 'no fixed colour')
    t.match(text, 'var(--first)')
    t.match(text, /<title>[^<]+: [\d.,]+( %)?<\/title>/)
    t.notMatch(text, 'NaN')
  }
})

t.test('plots of nothing, of zeros, of one row -> drawn all the same', async t => {
  const drawing = await loadDrawing()
  const empty: readonly Plot[] = [
    { ...bars([], 'stacked') }, { ...bars([], 'beside') }, { ...histogram, bins: [] } as Plot, { ...lines, series: [] } as Plot,
    { kind: 'bars', rowTitle: 'r', axis: 'a', format: 'percent', layout: 'stacked', series: [{ name: 's', tone: 'drop' }], rows: [{ label: 'none', values: [0] }] },
    { ...lines, series: [{ name: 's', tone: 'first', points: [[5, 100]] }], marks: [] } as Plot
  ]
  for (const plot of empty) {
    const svg = drawing.draw(plot, 'l')
    t.match(svg, /^<svg /)
    t.notMatch(svg, /NaN|Infinity/)
  }
})

t.test('the plot library -> loaded by a report alone: named in no import line that runs at once', async t => {
  const files = ['draw.ts', 'draw-bars.ts', 'draw-histogram.ts', 'draw-lines.ts', 'render-page.ts', 'render-figure.ts']
  const texts = await Promise.all(files.map(file => readFile(fileURLToPath(new URL(`../../../lib/app/report/${file}`, import.meta.url)), 'utf8')))
  for (const text of texts) t.notMatch(text, /^import .*(?:@observablehq|@xmldom)/m)
  t.match(texts[0], /await import\('@observablehq\/plot'\)[\s\S]+await import\('@xmldom\/xmldom'\)/)
})
