import t from 'tap'
import type { Document } from '../../lib/schema/document.js'
import { redact } from '../../operators/redact.js'
import { createFakeContext } from '../support/fake-chat-model.js'

const run = (document: Document, options = {}) => {
  const context = createFakeContext({ stage: 'redact' })
  const outcome = redact(options).process(document, context)
  if (outcome instanceof Promise || outcome.kind !== 'emit') throw new TypeError('redact gives one document at once')
  return { document: outcome.values[0], notes: context.notes }
}

const personal: Document = {
  text: 'Write to Ann.Lee@hafen.de or call (415) 867-5309. Again: ann.lee@hafen.de.',
  textKey: 'a key',
  title: 'Ask ann.lee@hafen.de',
  url: 'https://hafen.de/form?mail=ann.lee@hafen.de',
  upstream: 'fineweb',
  score: 0.9
}

t.test('personal data in text, title and url -> one surrogate for one value, counted by type, the key kept', async t => {
  const { document, notes } = run(personal)
  const [, mail = ''] = /^Ask (\S+@example\.\w+)$/.exec(document.title ?? '') ?? []
  const [, phone = ''] = /call (\(\d{3}\) 555-01\d\d)\./.exec(document.text) ?? []
  t.not(mail, '')
  t.not(phone, '')
  t.strictSame(document, {
    text: `Write to ${mail} or call ${phone}. Again: ${mail}.`, textKey: 'a key', title: `Ask ${mail}`, url: `https://hafen.de/form?mail=${mail}`,
    upstream: 'fineweb', score: 0.9, redacted: { email: 4, phone: 1 }
  })
  t.strictSame(notes, [{ kind: 'count', name: 'redacted-email', value: 4 }, { kind: 'count', name: 'redacted-phone', value: 1 }])
})

t.test('the same document again -> the same; one with another key -> other surrogates', async t => {
  t.strictSame(run(personal).document, run(personal).document)
  t.not(run(personal).document.text, run({ ...personal, textKey: 'another key' }).document.text)
})

t.test('nothing to replace -> the very document, nothing noted', async t => {
  const plain: Document = { text: 'Open 192.168.1.1 and press Save.', textKey: 'a key', title: 'Router', url: 'https://example.com/a' }
  const { document, notes } = run(plain)
  t.equal(document, plain)
  t.strictSame(notes, [])
})

t.test('a type that is off -> left as it is', async t => {
  const { document } = run(personal, { types: { email: false } })
  t.match(document.text, /Ann\.Lee@hafen\.de or call \(\d{3}\) 555-01\d\d\. Again: ann\.lee@hafen\.de/)
  t.strictSame(document.redacted, { phone: 1 })
})

t.test('an unknown type or option -> refused', async t => {
  t.throws(() => redact({ types: { address: true } as object }), /address/)
  t.throws(() => redact({ type: {} } as object), /type/)
})
