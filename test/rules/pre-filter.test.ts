import fc from 'fast-check'
import t from 'tap'
import { preFilter, preFilterSchema } from '../../lib/rules/pre-filter.js'

const bounds = preFilterSchema.parse({})
const open = { ...bounds, minCharacters: 0 }
const filler = 'The weather in the valley was mild and the river ran slowly past the old mill. '.repeat(4)

const lengths = [
  { title: '199 characters', text: 'x'.repeat(199), outcome: 'too-short' },
  { title: '200 characters without steps', text: 'x'.repeat(200), outcome: 'no-steps' },
  { title: '100,001 characters', text: 'x'.repeat(100_001), outcome: 'too-long-text' },
  { title: 'prose', text: filler, outcome: 'no-steps' },
  { title: 'prose with two steps of interface', text: `${filler}Click the button, then select a file.`, outcome: undefined }
]

for (const { title, text, outcome } of lengths) {
  t.test(`${title} -> ${outcome ?? 'goes on'}`, async t => {
    t.equal(preFilter(text, bounds), outcome)
  })
}

const texts = [
  { title: 'numbered lines of an unknown language', text: '1. Avaa laatikko\n2. Nosta kansi\n3. Sulje', steps: true },
  { title: 'numbers in one line', text: 'a 1) ab ba 2) cd dc 3) ef', steps: true },
  { title: 'a fullwidth list', text: '1、あ\n2、い\n3、う', steps: true },
  { title: 'keycap digits', text: '1\uFE0F\u20E3 aa 2\uFE0F\u20E3 bb 3\uFE0F\u20E3 cc', steps: true },
  { title: 'bulleted lines, indented', text: 'x\n  - aa\n  - bb\n\t• cc', steps: true },
  { title: 'a path through menus', text: 'Asetukset > Yleiset > Kieli → Suomi', steps: true },
  { title: 'German', text: 'Zuerst öffnen Sie das Gehäuse, dann drücken Sie den Knopf.', steps: true },
  { title: 'French', text: 'Ouvrez le menu. Ensuite, cliquez sur le bouton.', steps: true },
  { title: 'Spanish', text: 'Primero haga clic en el icono y luego elija la opción.', steps: true },
  { title: 'Russian in capitals', text: 'СНАЧАЛА НАЖМИТЕ НА ИКОНКУ, ЗАТЕМ ВЫБЕРИТЕ ФАЙЛ', steps: true },
  { title: 'Chinese', text: '首先打开手机，然后点击图标。', steps: true },
  { title: 'Japanese', text: 'まずメニューを開き、次にボタンをクリックします。', steps: true },
  { title: 'Korean', text: '먼저 설정을 클릭하고 다음 항목을 선택하세요.', steps: true },
  { title: 'a story that is told in order', text: 'First she laughed, then he did; next came the dog and finally, second to none, the cat.', steps: false },
  { title: 'one word again and again', text: 'click '.repeat(100), steps: false },
  { title: 'decimals, dates and years', text: 'It rose 1.2 to 2.3 and 3.4 in 1998, 1999. And 2001.', steps: false },
  { title: 'dashes inside a line', text: 'a - b - c - d - e', steps: false },
  { title: 'things with keys and wires alone', text: 'The phone, the computer and the printer stood on the screen of the laptop.', steps: false },
  { title: 'two of these and a verb of instructions', text: 'The phone and the computer. Click.', steps: true },
  { title: 'household verbs that begin sentences', text: 'Peel the apples. Cut them. Boil the lot.', steps: true },
  { title: 'the same verbs inside sentences', text: 'They peel what they cut and boil it.', steps: false },
  { title: 'a reader who is spoken to, again and again', text: 'You and your friends see yourself as you are, if you like.', steps: false },
  { title: 'words that only begin like ours', text: 'clicker selection presses opener nexted', steps: false }
]

for (const { title, text, steps } of texts) {
  t.test(`${title} -> ${steps ? 'signs of steps' : 'none'}`, async t => {
    t.equal(preFilter(text, open), steps ? undefined : 'no-steps')
  })
}

t.test('any text and no signs asked for -> goes on', async () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), text => preFilter(text, { ...open, minSigns: 0 }) === undefined))
})

t.test('a text with steps, and anything after it -> goes on', async () => {
  const start = '1. Click here 2. Select it 3. Save '
  fc.assert(fc.property(fc.string({ unit: 'binary' }), rest => preFilter(start + rest, open) === undefined))
})

t.test('hostile repetitions -> answered in linear time', async t => {
  for (const piece of ['1.', '- ', '9'.repeat(50) + '.', '\n  -', '首', 'a\u0301']) {
    t.match(preFilter(piece.repeat(100_000 / piece.length), { ...open, minSigns: 1e9 }), 'no-steps')
  }
})
