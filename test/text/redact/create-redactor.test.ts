import fc from 'fast-check'
import { readFile } from 'node:fs/promises'
import t from 'tap'
import { createRedactor } from '../../../lib/text/redact/create-redactor.js'
import { REDACTED_TYPES } from '../../../lib/text/redact/finding.js'

const ALL = new Set(REDACTED_TYPES)
const redact = (text: string, seed = 'seed'): string => createRedactor(seed, ALL).redact(text)

const lines = (await readFile(new URL('../../fixtures/text/personal-data.jsonl', import.meta.url), 'utf8')).trim().split('\n')
const texts = lines.map(line => (JSON.parse(line) as { readonly text: string }).text)

/** Surrogates hang on the seed alone: with another seed other ones of the same shape. */
const shapes = [
  { title: 'an address of mail', text: 'To anna.schmidt@mailbox-nord.de', redacted: /^To [a-z]+\.[a-z]+@example\.(?:com|net|org)$/ },
  { title: 'a mailbox of an office', text: 'To Support@Riverton.com', redacted: /^To support@[a-z]+-[a-z]+\.example$/ },
  { title: 'a mailbox with the marks left out', text: 'To peter [at] gartenfreunde [dot] de!', redacted: /^To [a-z]+\.[a-z]+@example\.(?:com|net|org)!$/ },
  { title: 'an American number', text: 'Call (415) 867-5309.', redacted: /^Call \(\d{3}\) 555-01\d\d\.$/ },
  { title: 'one with its country', text: '+1.415.867.5309', redacted: /^\+1\.\d{3}\.555\.01\d\d$/ },
  { title: 'a British number', text: 'tel 0161 234 5000', redacted: /^tel 0163 296 0\d{3}$/ },
  { title: 'a French number', text: 'Tél. portable 06 12 34 56 78', redacted: /^Tél\. portable 01 99 00 \d\d \d\d$/ },
  { title: 'a German number', text: '+49 621 6099123', redacted: /^\+49 302 3125\d{3}$/ },
  { title: 'a number whose country keeps none for fiction', text: '+48 512 345 678', redacted: /^\+1 \d{3}-555-01\d\d$/ },
  { title: 'an IPv4 address', text: 'at 45.83.91.17:80', redacted: /^at (?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3}:80$/ },
  { title: 'an IPv6 address', text: 'at 2a01:4f8:c17:b0f::2', redacted: /^at 2001:db8::[0-9a-f]{1,4}$/ },
  { title: 'a MAC address with hyphens', text: 'a4-5e-60-c2-17-9d', redacted: /^00-00-5e-00-53-[0-9a-f]{2}$/ },
  { title: 'a card', text: 'card 4539 1488 0343 6467', redacted: /^card 4242 42\d\d \d{4} \d{4}$/ },
  { title: 'an IBAN in groups', text: 'IBAN DE89 3704 0044 0532 0130 00', redacted: /^IBAN GB\d\d WEST 0000 0000 0\d{3} \d\d$/ },
  { title: 'an IBAN in one', text: 'DE89370400440532013000', redacted: /^GB\d\dWEST0{9}\d{5}$/ },
  { title: 'a social security number', text: 'SSN 219-09-9999', redacted: /^SSN 000-\d\d-\d{4}$/ },
  { title: 'a passport', text: 'Passport number: C01X00T47', redacted: /^Passport number: X00X0\dX\d\d$/ },
  { title: 'a password', text: 'password: hunter2!Blue', redacted: /^password: Example-\d{4}$/ },
  { title: 'a key of an issuer', text: `token gh${'p_'}a8Kd93LmQzX71vBnT5rYw2CpE4sHj6UfG0oI`, redacted: /^token ghp_EXAMPLE[0-9A-F]{29}$/ },
  { title: 'a name with its password in an address', text: 'ftp://nora:blau4Fisch@host.hafen.de/x', redacted: /^ftp:\/\/example:Example-\d{4}@host\.hafen\.de\/x$/ },
  { title: 'a password without a name', text: 'redis://:vN5kq0Lz81@host.hafen.de', redacted: /^redis:\/\/:Example-\d{4}@host\.hafen\.de$/ },
  {
    title: 'a private key', text: `-----BEGIN PRIVATE KEY-----\n${'MIIEowIBAAKCAQEAx9vQ2m'.repeat(9)}\n-----END PRIVATE KEY-----`,
    redacted: /^-----BEGIN PRIVATE KEY-----\nEXAMPLE[0-9A-F]{57}\n-----END PRIVATE KEY-----$/
  }
]

for (const { title, text, redacted } of shapes) {
  t.test(`${title} -> a reserved value of the same kind`, async t => {
    t.match(redact(text), redacted)
    t.match(redact(text, 'another seed'), redacted)
  })
}

t.test('a value that comes again, written in another way too -> the same surrogate, in all parts of a document', async t => {
  const redactor = createRedactor('seed', ALL)
  const [title, text] = [redactor.redact('Ask Ann@Hafen.de'), redactor.redact('ann@hafen.de, +1 (415) 867-5309, 415.867.5309')]
  const [mail = '', one = '', other = ''] = text.split(', ')
  t.equal(title, `Ask ${mail}`)
  t.equal(one.replace(/\D/g, '').slice(-10), other.replace(/\D/g, ''))
  t.strictSame(redactor.counts, { email: 2, phone: 2 })
})

t.test('a thousand different values of each kind -> as many surrogates, as far as the ranges go', async t => {
  const all = (make: (index: number) => string): number => {
    const values = Array.from({ length: 1000 }, (_, index) => make(index))
    return new Set(redact(values.join('\n')).split('\n')).size
  }
  const digits = (index: number, length: number): string => String(index).padStart(length, '0')
  t.strictSame({
    email: all(index => `person${index}@hafen.de`),
    phone: all(index => `phone (415) 26${digits(index % 10, 1)}-4${digits(Math.floor(index / 10), 3)}`),
    ip: all(index => `45.${index % 200 + 33}.91.${Math.floor(index / 200) + 40}`),
    mac: all(index => `ac:de:48:00:${digits(index % 100, 2)}:${digits(Math.floor(index / 100), 2)}`),
    ssn: all(index => `219-09-${digits(index + 1, 4)}`),
    password: all(index => `password: Blau-${digits(index, 4)}x`)
  }, { email: 1000, phone: 1000, ip: 762, mac: 256, ssn: 1000, password: 1000 })
})

t.test('values of the same shape -> the same surrogate: nothing of the value is in it', async () => {
  const digit = fc.integer({ min: 2, max: 9 })
  fc.assert(fc.property(fc.array(digit, { minLength: 7, maxLength: 7 }), fc.stringMatching(/^[a-z]{3,9}$/), (number, name) => {
    const [one, two, three, ...four] = number
    const phone = `phone: 415-${one}${two}${three}-${four.join('')}`
    return redact(phone) === redact('phone: 415-867-5309') && redact(`${name}.x@hafen.de`) === redact('a.b@posta.ng')
  }))
})

t.test('a surrogate that the text has by itself -> passed over', async t => {
  const mine = redact('x@hafen.de')
  const text = redact(`${mine} and x@hafen.de`)
  t.match(text, /^\S+@example\.\w+ and \S+@example\.\w+$/)
  t.not(text.split(' and ')[1], mine)
})

t.test('texts of the table, redacted -> nothing to redact any more', async t => {
  // Two digits are too few for a number that says that it is none.
  const again = texts.map(text => redact(text)).filter(text => redact(text, 'another seed') !== text)
  t.match(again, [/^Reisepass-Nr\. X0XXXXXX\d$/])
  t.equal(again.length, 1)
})

t.test('a text without such values -> itself', async t => {
  const text = 'Open the settings, choose 192.168.1.1 and call 911.'
  const redactor = createRedactor('seed', ALL)
  t.equal(redactor.redact(text), text)
  t.strictSame(redactor.counts, {})
})
