import t from 'tap'
import { createFixedClock, createNoDelayClock, pieceCounter, type Clock, type Timers } from '../../../connectors/embedded-vllm/index.js'
import { cutToTokens, splitPieces } from '../../../connectors/embedded-vllm/tokens.js'

/** Timers that stand still until they are told to go on; `advance` runs what falls due, in order. */
function fakeTimers (): Timers & { advance (ms: number): Promise<void> } {
  let now = 0
  const due = new Set<{ readonly at: number, readonly run: () => void }>()
  return {
    now: () => now,
    after (delayMs, run) {
      const entry = { at: now + delayMs, run }
      due.add(entry)
      return () => due.delete(entry)
    },
    async advance (ms) {
      const end = now + ms
      for (;;) {
        await settle()
        const [next] = [...due].filter(entry => entry.at <= end).sort((one, other) => one.at - other.at)
        if (next === undefined) break
        due.delete(next)
        now = next.at
        next.run()
      }
      now = end
      await settle()
    }
  }
}

const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
const never = new AbortController().signal

function follow (clock: Clock, outputTokens: number, { timers, signal = never }: { readonly timers: Timers, readonly signal?: AbortSignal }): { readonly ended: Promise<number>, readonly told: Array<[number, number]> } {
  const told: Array<[number, number]> = []
  const ended = clock.schedule({ promptTokens: 10, outputTokens, signal, onTokens: produced => told.push([timers.now(), produced]) }).then(() => timers.now())
  return { ended, told }
}

t.test('fixed clock -> ttft + itl × tokens, told token by token', async t => {
  const timers = fakeTimers()
  const clock = createFixedClock({ ttftMs: 100, itlMs: 10, scale: 2 }, timers)
  const { ended, told } = follow(clock, 3, { timers })
  const silent = clock.schedule({ promptTokens: 1, outputTokens: 50, signal: never }).then(() => timers.now())
  await timers.advance(5000)
  t.same({ ended: await ended, told, silent: await silent }, { ended: 260, told: [[220, 1], [240, 2], [260, 3]], silent: 1200 })
  t.match(clock.load(), { running: 0, waiting: 0 })
  t.ok(clock.load().steps > 3, 'steps go on where nobody watches the tokens')
})

t.test('more sequences than places -> first come, first served', async t => {
  const timers = fakeTimers()
  const clock = createFixedClock({ ttftMs: 0, itlMs: 10, maxNumSeqs: 2 }, timers)
  const all = [10, 20, 10, 10].map(tokens => follow(clock, tokens, { timers }).ended)
  await settle()
  t.match(clock.load(), { running: 2, waiting: 2 })
  await timers.advance(1000)
  t.same(await Promise.all(all), [100, 200, 200, 300])
})

t.test('aborted while it waits or runs -> rejects at once and gives its place away', async t => {
  const timers = fakeTimers()
  const clock = createFixedClock({ ttftMs: 10, itlMs: 10, maxNumSeqs: 1 }, timers)
  const [running, waiting] = [new AbortController(), new AbortController()]
  const first = follow(clock, 100, { timers, signal: running.signal }).ended
  const second = follow(clock, 100, { timers, signal: waiting.signal }).ended
  const third = follow(clock, 1, { timers }).ended
  await timers.advance(50)
  waiting.abort(new Error('left the queue'))
  await t.rejects(second, /left the queue/)
  running.abort(new Error('left the server'))
  await t.rejects(first, /left the server/)
  await timers.advance(50)
  t.equal(await third, 70)
  await t.rejects(clock.schedule({ promptTokens: 1, outputTokens: 1, signal: waiting.signal }), /left the queue/)
  t.match(clock.load(), { running: 0, waiting: 0 })
})

t.test('no delay -> all tokens at the next turn, never synchronously', async t => {
  const clock = createNoDelayClock()
  let told = 0
  const ended = clock.schedule({ promptTokens: 1, outputTokens: 5, signal: never, onTokens: produced => { told = produced } })
  t.match({ told, load: clock.load() }, { told: 0, load: { running: 1 } })
  await ended
  t.match({ told, load: clock.load() }, { told: 5, load: { running: 0, steps: 1 } })
})

t.test('pieces -> join to the text, about four characters each in English, whole surrogate pairs', async t => {
  const english = 'The quick brown fox jumps over the lazy dog, and 12345 others follow it.'
  for (const text of ['', english, '  two  blanks ', '点击“系统设置”。', 'a👩‍🔧b\ud800', 'Überraschung']) t.equal(splitPieces(text).join(''), text)
  t.ok(Math.abs(pieceCounter.count(english) - english.length / 4) < 4, String(pieceCounter.count(english)))
  t.equal(pieceCounter.count(english), splitPieces(english).length)
  t.equal(pieceCounter.count(cutToTokens(english, 5, pieceCounter)), 5)
  const characters = { kind: 'estimate' as const, count: (text: string) => text.length }
  t.equal(cutToTokens(english, 11, characters), 'The quick', 'whole pieces only')
})
