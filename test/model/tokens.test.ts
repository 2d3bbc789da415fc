import { hash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import { createExactCounter, createTokenCounter } from '../../lib/model/tokens.js'

interface Ranks { readonly bpe_ranks: string }

/** A public vocabulary of the size of Qwen3's, split in Qwen3's way: near to it for English and code, above it elsewhere. */
const ranks = (createRequire(import.meta.url)('tiktoken/encoders/cl100k_base.json') as Ranks).bpe_ranks
const folder = mkdtempSync(join(tmpdir(), 'gemline-ranks-'))
const file = join(folder, 'ranks.tiktoken')
const lines = ranks.split('\n').flatMap(line => {
  const [, first, ...tokens] = line.split(' ')
  return tokens.map((token, at) => `${token} ${Number(first) + at}`)
})
writeFileSync(file, lines.join('\n') + '\n')
writeFileSync(`${file}.gz`, gzipSync(lines.join('\n')))
t.teardown(() => rmSync(folder, { recursive: true }))

const TEXTS: ReadonlyArray<{ readonly name: string, readonly text: string, readonly atMost: number }> = [
  { name: 'English prose', atMost: 1.6, text: 'To replace the battery, first switch off the phone and remove the back cover with a plastic tool. Then loosen the four small screws that hold the metal plate, disconnect the ribbon cable carefully, and lift the old battery out. Put the new battery in place, connect the cable again, and close the cover. Charge it for three hours before you use the phone.' },
  { name: 'English with figures', atMost: 1.6, text: 'Preheat the oven to 220 °C (425 °F). Mix 350 g flour, 1.5 tsp salt and 7 g yeast; add 240 ml of water at 38 °C, knead for 10 minutes, and bake 25–30 min. Call +49 170 1234567 before 2026-11-13.' },
  { name: 'code', atMost: 2, text: readFileSync(new URL('../../lib/model/queue.ts', import.meta.url), 'utf8') },
  { name: 'JSON', atMost: 2, text: readFileSync(new URL('../../package.json', import.meta.url), 'utf8') },
  { name: 'tool calls', atMost: 2, text: JSON.stringify(Array.from({ length: 8 }, (_, at) => ({ name: 'get_available_time_slots', arguments: { service_id: `svc_${at}`, start_date: '2026-11-13', limit: at } }))) },
  { name: 'Chinese', atMost: 1.9, text: '要更换手机电池，首先关闭手机电源，然后用塑料工具取下后盖。接着拧下固定金属板的四颗小螺丝，小心地断开排线，取出旧电池。放入新电池，重新连接排线，盖上后盖。使用前请充电三小时。如果手机无法开机，请检查电池接口是否连接牢固，并联系售后服务中心寻求帮助。' },
  { name: 'German', atMost: 1.9, text: 'Um den Akku auszutauschen, schalten Sie zunächst das Telefon aus und entfernen Sie die Rückabdeckung mit einem Kunststoffwerkzeug. Lösen Sie anschließend die vier kleinen Schrauben.' },
  { name: 'Russian', atMost: 1.9, text: 'Чтобы заменить батарею, сначала выключите телефон и снимите заднюю крышку пластиковым инструментом. Затем открутите четыре маленьких винта.' },
  { name: 'Korean', atMost: 1.9, text: '배터리를 교체하려면 먼저 휴대폰의 전원을 끄고 플라스틱 도구로 뒷면 덮개를 제거합니다. 그런 다음 금속판을 고정하는 작은 나사 네 개를 풉니다.' },
  { name: 'identifiers', atMost: 1.9, text: '3f2504e0-4f89-11d3-9a0c-0305e82c3301 6ba7b810-9dad-11d1-80b4-00c04fd430c8 ORD-20261113-0042' },
  { name: 'capitals', atMost: 3, text: 'ATTENTION PLEASE READ THIS BEFORE INSTALLATION OF THE ELECTRIC HEATING SYSTEM IMMEDIATELY' }
]

t.test('texts of many kinds -> the estimate is never below a real vocabulary, and not far above', async t => {
  const [estimate, exact] = [createTokenCounter('estimate'), await createExactCounter(file)]
  t.same([estimate.kind, exact.kind], ['estimate', 'exact'])
  for (const { name, text, atMost } of TEXTS) {
    const ratio = estimate.count(text) / exact.count(text)
    t.ok(ratio >= 1 && ratio <= atMost, `${name}: ${ratio.toFixed(2)}`)
  }
})

t.test('two texts together -> near to the sum of both, a whole number, never negative', async () => {
  const { count } = createTokenCounter('estimate')
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.string({ unit: 'grapheme', maxLength: 200 }), (a, b) => {
    const whole = count(a + b)
    return Number.isInteger(whole) && whole >= 0 && Math.abs(whole - count(a) - count(b)) <= 2 + 0.5 * Math.min(count(a), count(b)) && count('') === 0
  }), { numRuns: 300 })
})

t.test('exact counter -> composed and decomposed alike, special tokens as plain text, broken surrogates counted', async t => {
  const { count } = await createExactCounter(`${file}.gz`)
  t.equal(count('Rückabdeckung'.normalize('NFD')), count('Rückabdeckung'.normalize('NFC')))
  t.equal(count('hello world'), 2)
  t.equal(count('2026'), 4, 'each digit is a token')
  t.ok(count('<|endoftext|>') > 1)
  t.ok(count('a\ud800b') >= 3)
  t.equal(count(''), 0)
})

t.test('file that holds no ranks -> config-invalid with its name', async t => {
  const bad = join(folder, 'bad')
  for (const content of ['', 'IQ== 5\n', 'no ranks here at all\n', gzipSync('x y\n').subarray(0, 12)]) {
    writeFileSync(bad, content)
    await t.rejects(createExactCounter(bad), { code: 'config-invalid', message: new RegExp(bad) })
  }
  await t.rejects(createExactCounter(join(folder, 'missing')), { code: 'config-invalid' })
})

interface Rendered { readonly name: string, readonly text: string, readonly tokens: number }

t.test('vocabulary of the package -> byte for byte the one that Alibaba Cloud publishes', async t => {
  const ranks = gunzipSync(readFileSync(new URL('../../lib/model/vocabulary/qwen.tiktoken.gz', import.meta.url)))
  t.equal(hash('sha256', ranks), 'b2b1b8dfb5cc5f024bafc373121c6aba3f66f9a5a0269e243470a1de16a33186')
})

t.test('dialogues in the chat template -> as many tokens as the tokenizer of Qwen3 makes, its own tokens one each', async t => {
  const { kind, count } = await createTokenCounter('qwen3')
  t.equal(kind, 'exact')
  const rendered = JSON.parse(readFileSync(new URL('../fixtures/qwen3/rendered.json', import.meta.url), 'utf8')) as Rendered[]
  for (const { name, text, tokens } of rendered) t.equal(count(text), tokens, name)
  const cases = [
    { text: '', tokens: 0 }, { text: '<|im_end|>', tokens: 1 }, { text: '<think></think>', tokens: 2 }, { text: '<tool_call>2026</tool_call>', tokens: 6 }, { text: '<|im_end', tokens: 4 }
  ]
  for (const { text, tokens } of cases) t.equal(count(text), tokens, text)
  t.equal(count('u\u0308ber<|im_end|>'), count('\u00fcber<|im_end|>'), 'NFC between the tokens')
})
