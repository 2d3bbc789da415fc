/**
 * Thirty trajectories that gemline did not write, and three wrong twins of each. It catches a rule that drops what is right,
 * and one that no longer sees what it saw. It cannot tell how often either happens in what models write.
 */
import t from 'tap'
import { renderToolsets, renderTrajectory } from '../../lib/model/render-trajectory.js'
import { RULES } from '../../lib/rules/index.js'
import { countTrajectory } from '../../lib/schema/index.js'
import { BEYOND_RULES, catchersOf, editWire, readThirty, readWire } from '../support/thirty.js'

const THIRTY = await readThirty()
const TWINS = THIRTY.flatMap(written => written.twins.map(twin => ({ written, twin, title: `${written.name}/${twin.name}` })))

const words = (text: string): number => text.trim().split(/\s+/).length

t.test('the folder -> thirty trajectories, numbered, each of another domain, with three twins', async t => {
  t.strictSame(THIRTY.map(({ name }) => Number(name.slice(0, 2))), Array.from({ length: 30 }, (_, at) => at + 1))
  t.equal(new Set(THIRTY.map(({ domain }) => domain)).size, 30)
  t.strictSame(THIRTY.filter(({ twins }) => twins.length !== 3).map(({ name }) => name), [])
  t.equal(new Set(TWINS.map(({ title }) => title)).size, 90)
})

for (const written of THIRTY) {
  t.test(`${written.name} -> nothing drops it`, async t => {
    t.strictSame(written.check.findings.filter(({ mode }) => mode === 'drop'), [])
  })

  t.test(`${written.name} -> of the size that the paper gives: 40 messages, 8 tools, 3 patterns, several user turns`, async t => {
    const { messages, turns, distinctTools } = countTrajectory(written.trajectory)
    t.ok(messages >= 40, `${messages} messages`)
    t.ok(distinctTools >= 8, `${distinctTools} tools`)
    t.ok(turns >= 5 && turns <= 10, `${turns} user turns`)
    t.ok(new Set(written.patterns).size >= 3, written.patterns.join(', '))
    t.ok(words(written.source) >= 150 && words(written.source) <= 300, `${words(written.source)} words of source`)
  })

  t.test(`${written.name}, written out and read again -> equal`, async t => {
    const { tools, messages } = written.trajectory
    t.strictSame(readWire(renderToolsets(tools) + renderTrajectory({ messages })), written.trajectory)
  })
}

t.test('expectations of the twins -> name rules that exist, or stand alone', async t => {
  const known = new Set(RULES.map(({ name }) => name))
  t.strictSame(TWINS.flatMap(({ title, twin: { expect } }) => expect.filter(name => !known.has(name) && !isBeyondRules(expect)).map(name => `${title}: ${name}`)), [])
})

const isBeyondRules = ([first = '', ...others]: readonly string[]): boolean => others.length === 0 && BEYOND_RULES.some(name => name === first)

for (const { written, twin, title } of TWINS) {
  t.test(`${title} -> ${twin.expect.join(', ')}`, async t => {
    t.strictSame(catchersOf(written, twin), [...twin.expect].sort())
  })
}

t.test('an edit that fits no place, or two -> throws what it looked for', async t => {
  const wire = '<system>a b a</system>\n<user>a</user>\n<assistant>c</assistant>'
  const edited = (edits: Parameters<typeof editWire>[1]['edits']): string => editWire(wire, { name: 'x', edits })
  t.throws(() => edited([{ find: 'z', replace: '' }]), { message: 'twin x: "z" stands 0 times' })
  t.throws(() => edited([{ message: 0, find: 'a', replace: '' }]), { message: 'twin x: "a" stands 2 times in message 0' })
  t.throws(() => edited([{ message: 3, replace: '' }]), { message: 'there is no message 3' })
  t.equal(edited([{ message: 1, find: 'a', replace: '$&' }, { message: 2, replace: '' }]), '<system>a b a</system>\n<user>$&</user>\n')
})
