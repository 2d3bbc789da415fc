import t from 'tap'
import { checkTrajectory } from '../../lib/rules/index.js'
import { dialogue, string, tool } from '../support/dialogue.js'

const TOOLS = [tool('find_order', 'Finds an order.', { order_id: string('Order') })]
const ENGLISH = 'The order is open and can be cancelled until tomorrow. Shall I do that for you?'

function found (text: string, language = 'en'): string[] {
  const trajectory = dialogue('', TOOLS).user('').call('find_order', { order_id: 'x' }, { note: 'Die Bestellung ist offen und kann bis morgen noch storniert werden.' }).say(text).end()
  return checkTrajectory(trajectory, { language }).findings.filter(({ rule }) => rule === 'language').map(({ message, where }) => `${where.message ?? ''} ${message.split(':', 1)[0] ?? ''}`)
}

const WRONG = [
  { title: 'German', text: 'Die Bestellung ist noch offen und kann bis morgen storniert werden. Soll ich das für Sie tun?', found: 'written in "de", not in "en"' },
  { title: 'Spanish', text: 'El pedido está abierto y se puede cancelar hasta mañana, si usted quiere. ¿Lo hago por usted?', found: 'written in "es", not in "en"' },
  { title: 'French', text: 'La commande est ouverte et peut être annulée jusqu\'à demain. Voulez-vous que je le fasse pour vous ?', found: 'written in "fr", not in "en"' },
  { title: 'Chinese', text: '订单还没有发货,您可以在明天之前取消。', found: 'Han in a turn that is to be "en"' },
  { title: 'Chinese within English', text: 'The order is open. 我来帮您取消这个订单。', found: 'Han in a turn that is to be "en"' },
  { title: 'Japanese', text: 'ご注文はまだ発送されていません。', found: 'Hiragana in a turn that is to be "en"' },
  { title: 'Russian', text: 'Заказ ещё не отправлен, вы можете отменить его до завтра.', found: 'Cyrillic in a turn that is to be "en"' },
  { title: 'Korean', text: '주문은 아직 발송되지 않았으니 내일까지 취소할 수 있습니다.', found: 'Hangul in a turn that is to be "en"' },
  { title: 'two alphabets in one word', text: 'Your аccount is open.', found: 'a word of Latin and Cyrillic letters in a turn that is to be "en"' },
  { title: 'English where German is wanted', text: ENGLISH, language: 'de', found: 'written in "en", not in "de"' },
  { title: 'Chinese where Japanese is wanted', text: 'Заказ ещё не отправлен, вы можете отменить его до завтра.', language: 'ja', found: 'Cyrillic in a turn that is to be "ja"' }
]

t.test('a turn in another language or script -> dropped, its message named', t => {
  for (const { title, text, language, found: wanted } of WRONG) t.same(found(text, language), [`4 ${wanted}`], title)
  t.end()
})

const RIGHT = [
  ENGLISH,
  'Ja, bitte.',
  'OK! ORD-4417, 3 x 12.50, SKU AB-99, Rue de la Paix 12, 75002 Paris, France.',
  'The sign said "Die Bestellung ist noch offen und kann bis morgen storniert werden", and that is German.',
  'In French it is «La commande est ouverte et peut être annulée jusqu\'à demain, si vous voulez».',
  'Your guests are José Álvarez Peña, Søren Kierkegård, Łukasz Żółć and 田中太郎.',
  'The parcel goes to 北京市朝阳区建国路八十八号院, as you said, and to Москва, улица Ленина.',
  'The resistor is 12 kΩ, the wavelength 550 nm, α is 0.5 and the error 3 µm.',
  '{"Bestellung": "offen", "bis": "morgen", "kann": "storniert werden", "und": "das ist gut"}',
  '```\nSELECT nombre, apellido FROM clientes WHERE la_ciudad = "Madrid" AND el_estado = "activo"\n```',
  'https://beispiel.example/die/bestellung/ist/noch/offen/und/kann/bis/morgen/storniert/werden',
  '- Trail shoe\n- Wool sock\n- Rain jacket\n- Alpine tent\n- Head torch\n- Camping stove\n- Sleeping bag\n- Water bottle\n- Walking poles'
]

t.test('English, names, quotes, data, code and short turns -> nothing', t => {
  for (const text of RIGHT) t.same(found(text), [], text)
  t.same(found('订单还没有发货,您可以在明天之前取消。', 'zh'), [])
  t.end()
})
