import t from 'tap'
import { DARK, LIGHT, variablesOf, type Palette } from '../../../lib/app/report/palette.js'

/** Contrast of two colours as WCAG 2.2 defines it. */
function contrastOf (one: string, other: string): number {
  const [dark, light] = [luminanceOf(one), luminanceOf(other)].sort((first, second) => first - second) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

function luminanceOf (color: string): number {
  const [red, green, blue] = [1, 3, 5].map(at => Number.parseInt(color.slice(at, at + 2), 16) / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

const ON: ReadonlyArray<{ readonly what: keyof Palette, readonly on: keyof Palette, readonly least: number }> = [
  ...(['text', 'muted', 'link'] as const).flatMap(what => (['page', 'card'] as const).map(on => ({ what, on, least: 4.5 }))),
  { what: 'noticeText', on: 'notice', least: 4.5 },
  ...(['first', 'second', 'third', 'fourth', 'drop', 'reject'] as const).map(what => ({ what, on: 'card' as const, least: 3 }))
]

t.test('contrast -> known values', async t => {
  t.equal(contrastOf('#000000', '#ffffff'), 21)
  t.equal(contrastOf('#777777', '#ffffff').toFixed(2), '4.48')
})

for (const [name, palette] of Object.entries({ LIGHT, DARK })) {
  t.test(`${name} -> text and series can be told from what they stand on`, async t => {
    for (const { what, on, least } of ON) t.ok(contrastOf(palette[what], palette[on]) >= least, `${what} on ${on}: ${contrastOf(palette[what], palette[on]).toFixed(2)}`)
  })
}

t.test('a palette -> CSS variables, the same names in both', async t => {
  t.match(variablesOf(LIGHT), /^--text:#1b1f24;--muted:/)
  t.strictSame(Object.keys(LIGHT), Object.keys(DARK))
})
