import fc from 'fast-check'
import t from 'tap'
import { auditRateOf, formatAudit } from '../../lib/app/audit-rate.js'

const round = (share: number): number => Math.round(share * 10_000) / 10_000

/** Intervals of Wilson without correction, from a calculation of its own. */
const rates = [
  { asked: 10, missed: 0, rate: 0, low: 0, high: 0.2775 },
  { asked: 100, missed: 0, rate: 0, low: 0, high: 0.0370 },
  { asked: 100, missed: 5, rate: 0.05, low: 0.0215, high: 0.1118 },
  { asked: 2000, missed: 12, rate: 0.006, low: 0.0034, high: 0.0105 },
  { asked: 1, missed: 1, rate: 1, low: 0.2065, high: 1 }
]

for (const { asked, missed, rate, low, high } of rates) {
  t.test(`${missed} of ${asked} -> ${low} to ${high}`, async t => {
    const audit = auditRateOf({ counts: { 'filter/audit-asked': asked, ...(missed === 0 ? {} : { 'filter/audit-missed': missed }) } })
    t.strictSame(audit && { ...audit, low: round(audit.low), high: round(audit.high) }, { asked, missed, rate, low, high })
  })
}

t.test('nothing audited -> no rate', async t => {
  t.equal(auditRateOf({ counts: { 'filter/unknown-label': 3 } }), undefined)
})

t.test('any audit -> an interval within 0 and 1 that holds its rate', async () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 1e9 }), fc.double({ min: 0, max: 1, noNaN: true }), (asked, share) => {
    const audit = auditRateOf({ counts: { 'filter/audit-asked': asked, 'filter/audit-missed': Math.floor(asked * share) } })
    return audit !== undefined && audit.low >= 0 && audit.low <= audit.rate + 1e-12 && audit.high >= audit.rate - 1e-12 && audit.high <= 1
  }))
})

t.test('an audit in words -> counts and shares', async t => {
  t.equal(formatAudit({ asked: 2000, missed: 12, rate: 0.006, low: 0.0034, high: 0.0105 }), '12 of 2000 audited texts without signs of steps had some: 0.6 % (95 %: 0.3 % to 1.1 %)')
})
