/**
 * Looks at reports in a real browser. Catches what no reader of the bytes sees: a policy that blocks the style, a layout that is too
 * wide for a phone, a dark page with black text, a name that became markup. It cannot see whether a page is beautiful.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import t from 'tap'
import { renderPage } from '../../lib/app/report/render-page.js'
import { pageOfRun } from '../../lib/app/run-report/page-of-run.js'
import { HOSTILE_NAMES, richReport } from '../support/report-page.js'
import { openFile, startBrowser } from './browser.js'

t.setTimeout(300_000)

const folder = await mkdtemp(join(tmpdir(), 'gemline-browser-'))
t.teardown(() => rm(folder, { recursive: true, force: true }))
const file = join(folder, 'report.html')
await writeFile(file, await renderPage(pageOfRun(richReport())))
const browser = await startBrowser(t)

/** Everything that is wider than the window, by its name; nothing where the page cannot be scrolled sideways. */
const tooWide = (page: Page): Promise<string[]> => page.evaluate<string[]>(`(() => {
  const root = document.documentElement
  if (root.scrollWidth <= root.clientWidth) return []
  return [...document.querySelectorAll('body *')].filter(each => each.getBoundingClientRect().right > root.clientWidth + 1).map(each => each.tagName + '.' + each.className).slice(0, 5)
})()`)

for (const { name, options } of [
  { name: 'phone', options: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true } },
  { name: 'small phone', options: { viewport: { width: 320, height: 568 } } },
  { name: 'tablet', options: { viewport: { width: 768, height: 1024 } } },
  { name: 'desktop', options: { viewport: { width: 1280, height: 900 } } }
]) {
  t.test(`${name} -> no message, no request but the file itself, nothing to scroll sideways, folded or open`, async t => {
    const { page, messages, requests } = await openFile(browser, file, options)
    t.strictSame(await tooWide(page), [])
    await page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    t.strictSame(await tooWide(page), [])
    t.strictSame(messages, [])
    t.strictSame(requests.filter(url => !url.startsWith('data:')), [`file://${file}`])
    t.equal(await page.evaluate('globalThis.canary'), undefined, 'no name was run')
  })
}

t.test('light and dark -> other colours, the same words; each text has its contrast', async t => {
  const shown = await Promise.all((['light', 'dark'] as const).map(async colorScheme => {
    const { page } = await openFile(browser, file, { colorScheme })
    const colors = await page.evaluate<string[]>(`['body', 'figure', '.notice', 'figure svg rect'].map(name => {
      const { backgroundColor, color, fill } = getComputedStyle(document.querySelector(name))
      return [backgroundColor, color, fill].join(' ')
    })`)
    return { colors, text: await page.innerText('body') }
  }))
  const [light, dark] = shown
  for (const [at, color] of (light?.colors ?? []).entries()) t.not(color, dark?.colors[at])
  t.equal(light?.text, dark?.text)
})

interface Violation { readonly id: string, readonly nodes: ReadonlyArray<{ readonly html: string }> }

t.test('rules of accessibility that a machine can check (axe) -> none broken, light, dark, folded and open', async t => {
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page } = await openFile(browser, file, { colorScheme, viewport: { width: 360, height: 740 } })
    await page.evaluate(axe)
    for (const open of [false, true]) {
      await page.evaluate(`document.querySelectorAll('details').forEach(each => { each.open = ${open} })`)
      const violations = await page.evaluate<Violation[]>('axe.run().then(({ violations }) => violations.map(({ id, nodes }) => ({ id, nodes: nodes.slice(0, 3).map(({ html }) => ({ html })) })))')
      t.strictSame(violations, [], `${colorScheme}, ${open ? 'open' : 'folded'}`)
    }
  }
})

interface Seen { readonly title: string, readonly label: string, readonly marks: readonly string[], readonly cells: readonly string[], readonly inside: boolean }

t.test('figures -> each is drawn inside its frame, is named, and has a table with every number that its marks show', async t => {
  const { page } = await openFile(browser, file, { viewport: { width: 360, height: 740 } })
  const figures = await page.evaluate<Seen[]>(`[...document.querySelectorAll('figure')].map(figure => {
    const svg = figure.querySelector('svg[role=img]')
    const frame = figure.getBoundingClientRect()
    return {
      title: document.getElementById(figure.getAttribute('aria-labelledby')).textContent,
      label: svg.getAttribute('aria-label'),
      marks: [...svg.querySelectorAll('title')].map(each => each.textContent),
      cells: [...figure.querySelectorAll('details table :is(th, td)')].map(each => each.textContent),
      inside: [...svg.querySelectorAll('text, rect')].every(each => { const box = each.getBoundingClientRect(); return box.left >= frame.left - 1 && box.right <= frame.right + 1 })
    }
  })`)
  t.ok(figures.length >= 20)
  for (const { title, label, marks, cells, inside } of figures) {
    t.equal(label, `${title}. The table below has the numbers.`)
    t.ok(inside, `${title}: nothing sticks out of its frame`)
    t.ok(marks.length > 0, `${title}: it has marks`)
    // A dashed line has its number in the head of its row.
    t.strictSame(marks.map(mark => mark.slice(mark.lastIndexOf(': ') + 2)).filter(number => !cells.some(cell => cell === number || cell.endsWith(`: ${number}`))), [], title)
  }
})

t.test('hostile names -> seen as text, whole or shortened, in no element of their own', async t => {
  const { page } = await openFile(browser, file)
  const text = await page.evaluate<string>('document.body.textContent')
  for (const name of HOSTILE_NAMES.slice(0, 5)) t.ok(text.includes(name), name)
  t.match(text, 'right\\u{202e}left')
  t.strictSame(await page.evaluate("[...document.querySelectorAll('script, img, iframe, object, embed, form, foreignObject')].map(each => each.tagName)"), [])
})

t.test('keyboard -> every section can be jumped to, every wide table and every fold is reached', async t => {
  const { page } = await openFile(browser, file)
  const anchors = await page.evaluate<Array<{ href: string, there: boolean }>>("[...document.querySelectorAll('nav a')].map(each => ({ href: each.getAttribute('href'), there: document.querySelector(each.getAttribute('href')) !== null }))")
  t.strictSame(anchors, ['stages', 'sizes', 'content', 'topics', 'tokens', 'origin', 'lineage'].map(id => ({ href: `#${id}`, there: true })))
  t.equal(await page.evaluate("[...document.querySelectorAll('.scroll')].every(each => each.tabIndex === 0 && document.getElementById(each.getAttribute('aria-labelledby')) !== null)"), true)
  t.strictSame(await page.evaluate("[...document.querySelectorAll('[id]')].map(each => each.id).filter((id, at, all) => all.indexOf(id) !== at)"), [], 'each id once')
  await page.locator('summary').first().focus()
  await page.keyboard.press('Enter')
  t.ok(await page.locator('details table').first().isVisible())
})

t.test('print -> every section, every notice, every table open, on white whatever the screen', async t => {
  const { page } = await openFile(browser, file, { colorScheme: 'dark' })
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  const seen = await page.evaluate<{ sections: string[], notices: number, closed: number, background: string, nav: string }>(`({
    sections: [...document.querySelectorAll('section')].filter(each => each.getBoundingClientRect().height > 50).map(each => each.id),
    notices: [...document.querySelectorAll('.notice')].filter(each => each.getBoundingClientRect().height > 0).length,
    closed: [...document.querySelectorAll('details table')].filter(each => each.getBoundingClientRect().height === 0 || !each.checkVisibility({ contentVisibilityAuto: true })).length,
    background: getComputedStyle(document.body).backgroundColor,
    nav: getComputedStyle(document.querySelector('nav')).display
  })`)
  t.strictSame(seen, { sections: ['stages', 'sizes', 'content', 'topics', 'tokens', 'origin', 'lineage'], notices: 4, closed: 0, background: 'rgb(255, 255, 255)', nav: 'none' })
  const pdf = await page.pdf({ format: 'A4' })
  t.equal(pdf.subarray(0, 5).toString(), '%PDF-')
  t.ok(pdf.length > 50_000)
})

t.test('scripts switched off -> the same words', async t => {
  const [on, off] = await Promise.all([true, false].map(async javaScriptEnabled => await (await openFile(browser, file, { javaScriptEnabled })).page.innerText('body')))
  t.equal(off, on)
})
