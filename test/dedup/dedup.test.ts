import fc from 'fast-check'
import t from 'tap'
import { createKeyIndex } from '../../lib/dedup/key-index.js'
import { positionOf } from '../../lib/dedup/position.js'
import { claimSplitKeys, packSplitKeys, type PlacedKey } from '../../lib/dedup/split-keys.js'

const hex = (length: number): fc.Arbitrary<string> => fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length }).map(digits => digits.join(''))
/** Few keys, so that they repeat; some differ in their last digit alone, or begin with the same word. */
const keys = fc.oneof(hex(32), fc.nat(40).map(n => n.toString(16).padStart(32, '0')), fc.nat(40).map(n => `deadbeef${n.toString(16).padStart(24, '0')}`), hex(64))

t.test('any claims -> the owner that a Map keeps by smallest position', async t => {
  fc.assert(fc.property(fc.array(fc.record({ key: keys, position: fc.maxSafeNat() }), { maxLength: 400 }), claims => {
    const index = createKeyIndex({ maxKeys: 1000 })
    const oracle = new Map<string, number>()
    for (const { key, position } of claims) {
      const known = key.slice(0, 32)
      const owner = Math.min(oracle.get(known) ?? Infinity, position)
      oracle.set(known, owner)
      if (index.claim(key, position) !== owner) return false
    }
    return index.keys === oracle.size
  }))
  t.pass()
})

t.test('the same claims in any order -> the same owners', async t => {
  const claims = fc.array(fc.record({ key: keys, position: fc.nat(1000) }), { maxLength: 60 })
  fc.assert(fc.property(claims.chain(list => fc.record({ list: fc.constant(list), other: fc.shuffledSubarray(list, { minLength: list.length }) })), ({ list, other }) => {
    const owners = [list, other].map(order => {
      const index = createKeyIndex({ maxKeys: 1000 })
      for (const { key, position } of order) index.claim(key, position)
      return list.map(({ key }) => index.claim(key, Number.MAX_SAFE_INTEGER))
    })
    t.same(owners[0], owners[1])
  }), { numRuns: 50 })
})

t.test('growth -> every key is found again, 24 bytes a slot, told each time', async t => {
  const grown: unknown[] = []
  const index = createKeyIndex({ maxKeys: 10_000, onGrow: size => grown.push(size) })
  const keyOf = (n: number): string => ((n * 2654435761) >>> 0).toString(16).padStart(8, '0') + n.toString(16).padStart(24, '0')
  for (let n = 0; n < 5000; n++) if (index.claim(keyOf(n), n) !== n) t.fail(`key ${n} had an owner`)
  t.same(grown, [769, 1537, 3073].map((keys, at) => ({ keys, bytes: 24 * 2048 * 2 ** at })))
  for (let n = 0; n < 5000; n++) if (index.claim(keyOf(n), n + 10_000) !== n) t.fail(`key ${n} lost its owner`)
  t.same({ keys: index.keys, bytes: index.bytes }, { keys: 5000, bytes: 24 * 8192 })
})

t.test('cap -> dedup-full for one more key, not for one that is known', async t => {
  const index = createKeyIndex({ maxKeys: 2 })
  const [a, b, c] = ['a', 'b', 'c'].map(digit => digit.repeat(32)) as [string, string, string]
  index.claim(a, 5)
  index.claim(b, 6)
  t.equal(index.claim(a, 9), 5)
  t.throws(() => index.claim(c, 7), { code: 'dedup-full', message: /2 keys .* dedup\.maxKeys/ })
  t.equal(index.claim(b, 1), 1, 'what is known can still change its owner')
})

t.test('what is no key -> TypeError', async t => {
  for (const key of ['', 'ab', 'x'.repeat(32), 'a'.repeat(31)]) t.throws(() => createKeyIndex({ maxKeys: 9 }).claim(key, 0), TypeError, key)
})

const placed: fc.Arbitrary<PlacedKey> = fc.record({ key: hex(32), row: fc.nat(2 ** 24 - 1), child: fc.nat(127) })

t.test('keys of any split, packed and claimed -> the owners that the split itself had', async t => {
  fc.assert(fc.property(fc.array(placed, { maxLength: 50 }), fc.array(placed, { maxLength: 50 }), fc.nat(1_000_000), (texts, results, ordinal) => {
    const found = { texts: createKeyIndex({ maxKeys: 100 }), results: createKeyIndex({ maxKeys: 100 }) }
    const packed = packSplitKeys({ texts, results })
    claimSplitKeys(packed, found, { ordinal, where: 'x' })
    const wanted = (list: readonly PlacedKey[], key: string): number => Math.min(...list.filter(one => one.key === key).map(({ row, child }) => positionOf(ordinal, row, child)))
    for (const kind of ['texts', 'results'] as const) for (const { key } of { texts, results }[kind]) if (found[kind].claim(key, Number.MAX_SAFE_INTEGER) !== wanted({ texts, results }[kind], key)) return false
    return packed.length === 16 + 20 * (texts.length + results.length)
  }))
  t.pass()
})

t.test('positions -> in the order of split, row and child, and never the same for two of them', async t => {
  const place = fc.tuple(fc.nat(4_000_000), fc.nat(2 ** 24 - 1), fc.nat(127))
  fc.assert(fc.property(place, place, (one, other) => {
    const order = Math.sign(one.map((n, at) => n - (other[at] as number)).find(n => n !== 0) ?? 0)
    return Math.sign(positionOf(...one) - positionOf(...other)) === order && Number.isSafeInteger(positionOf(...one))
  }))
  t.pass()
})

t.test('bytes that are no key file -> plan-invalid, naming them', async t => {
  const whole = packSplitKeys({ texts: [{ key: 'a'.repeat(32), row: 1, child: 0 }], results: [] })
  const damaged = [
    { title: 'empty', bytes: new Uint8Array() },
    { title: 'cut', bytes: whole.subarray(0, -1) },
    { title: 'too long', bytes: Buffer.concat([whole, Buffer.alloc(1)]) },
    { title: 'no magic', bytes: Buffer.concat([Buffer.from('x'), whole.subarray(1)]) },
    { title: 'another count', bytes: Buffer.from(whole).fill(0xff, 8, 12) }
  ]
  for (const { title, bytes } of damaged) t.throws(() => claimSplitKeys(bytes, {}, { ordinal: 0, where: 'file:///out/keys/s-1' }), { code: 'plan-invalid', message: /file:\/\/\/out\/keys\/s-1/ }, title)
})
