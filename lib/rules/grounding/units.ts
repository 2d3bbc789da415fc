/** Units that measure the same thing, by what one of them is of the smallest. */
const DIMENSIONS: ReadonlyArray<Readonly<Record<string, number>>> = [
  { mg: 0.001, g: 1, gram: 1, kg: 1_000, kilo: 1_000, kilogram: 1_000, oz: 28.349_523, ounce: 28.349_523, lb: 453.592_37, pound: 453.592_37, ton: 1_000_000, tonne: 1_000_000 },
  { mm: 0.001, cm: 0.01, m: 1, meter: 1, metre: 1, km: 1_000, kilometer: 1_000, kilometre: 1_000, inch: 0.0254, inche: 0.0254, ft: 0.3048, feet: 0.3048, foot: 0.3048, yard: 0.9144, mile: 1_609.344, mi: 1_609.344 },
  { ml: 0.001, l: 1, liter: 1, litre: 1, gallon: 3.785_411_784, gal: 3.785_411_784 },
  { ms: 0.001, millisecond: 0.001, s: 1, sec: 1, second: 1, min: 60, minute: 60, h: 3_600, hr: 3_600, hour: 3_600, day: 86_400, night: 86_400, week: 604_800 },
  { month: 1, quarter: 3, year: 12 },
  { kb: 1, mb: 1_000, gb: 1_000_000, tb: 1_000_000_000 },
  { kb: 1, mb: 1_024, gb: 1_048_576, tb: 1_073_741_824, byte: 1 / 1_024 },
  { '%': 0.01, percent: 0.01, share: 1 },
  { $: 1, dollar: 1, usd: 1, '€': 1, euro: 1, eur: 1, '£': 1, cent: 0.01 }
]

/** A number in every other unit of what it measures; nothing for a word that is no unit. */
export function convert (value: number, unit: string): number[] {
  const name = unit.length > 2 ? unit.replace(/s$/, '') : unit
  if (/^(?:°?c|celsius)$/.test(name)) return [value * 1.8 + 32]
  if (/^(?:°?f|fahrenheit)$/.test(name)) return [(value - 32) / 1.8]
  return DIMENSIONS.flatMap(dimension => {
    const own = Object.hasOwn(dimension, name) ? dimension[name] : undefined
    if (own === undefined) return []
    return [...new Set(Object.values(dimension))].filter(other => other !== own).map(other => value * own / other)
  })
}

/** Whether a unit or a key says that a number is a share of a hundred. */
export function isPercentage ({ unit, key }: { readonly unit: string, readonly key: string }): boolean {
  return unit === '%' || unit === 'percent' || /percent|pct|_rate$|discount|tax/.test(key)
}

/** Whether a unit or a key says that a number is an amount of money. */
export function isPrice ({ unit, key, value }: { readonly unit: string, readonly key: string, readonly value: number }): boolean {
  return /^(?:[$€£¥₹]|dollars?|euros?|usd|eur|gbp)$/.test(unit) || /price|cost|fee|fare|amount|total|charge|premium|deposit|rent|wage|balance|budget/.test(key) || !Number.isInteger(value)
}
