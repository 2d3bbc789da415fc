import fc from 'fast-check'
import t from 'tap'
import { html, Markup, trusted } from '../../../lib/app/report/markup.js'
import { HOSTILE_NAMES } from '../../support/report-page.js'

t.test('values in a template -> text, lists and markup, each in its way', async t => {
  const cases = [
    { found: html`<b>${'a < b & "c" \'d\' > e'}</b>`, wanted: '<b>a &lt; b &amp; &quot;c&quot; &#39;d&#39; &gt; e</b>' },
    { found: html`${1}${0.5}${''}`, wanted: '10.5' },
    { found: html`<ul>${['<', '>'].map(each => html`<li>${each}</li>`)}</ul>`, wanted: '<ul><li>&lt;</li><li>&gt;</li></ul>' },
    { found: html`${[['a', ['<']], 'b']}`, wanted: 'a&lt;b' },
    { found: html`${trusted('<svg/>')}`, wanted: '<svg/>' },
    { found: html`${'two\nlines'}`, wanted: 'two\nlines' },
    { found: html`${'\u202eab\u0000\u200b\ud800'}`, wanted: '\\u{202e}ab\\u{0}\\u{200b}\\u{d800}' }
  ]
  for (const { found, wanted } of cases) t.equal(String(found), wanted)
})

t.test('an object that only looks like markup -> not taken for it', async t => {
  const forged = { html: '<script>', toString: () => '<script>' } as unknown as string
  t.throws(() => html`${forged}`, TypeError)
  t.ok(html`` instanceof Markup)
})

t.test('any text -> no character that markup is made of is left', async () => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...HOSTILE_NAMES)), text => !/[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/.test(String(html`${text}`))))
})
