import type { Domain, Platform, Task } from '../../../lib/schema/labels.js'
import type { Outline } from './outline.js'
import { writeTag } from './wire.js'
import { clip } from './words.js'

type Signs<T extends string> = ReadonlyArray<readonly [label: T, signs: RegExp]>

/** `\b` before and an open end, so that `order` finds `orders`; all alternatives are plain words. */
const words = (list: string): RegExp => new RegExp(`\\b(?:${list.trim().split(/\s+/).join('|')})`, 'gi')

const PLATFORM_SIGNS: Signs<Platform> = [
  ['phone', words('phone smartphone android iphone app sim tap swipe móvil handy téléphone')],
  ['machine', words('machine panel exoskeleton pipette valve pump battery tank weighbridge gate machine printer robot drone thermostat dishwasher washer sensor scanner pump press valve motor engine oven charger charging kiosk terminal reader incubator microscope centrifuge camera')],
  ['operator', words('customer reservation deposit permission application form agent desk operator clerk staff booking refund return claim ticket counter support')],
  ['computer', words('computer app screen menu table pivot sheet calendar code system model image calculator post csv portal list laptop windows browser website web page software file folder server click keyboard login sign password account email git terminal command spreadsheet database online upload download ordenador ordinateur konto compte cuenta página')]
]

const DOMAIN_SIGNS: Signs<Domain> = [
  ['computers_and_electronics', words('computer laptop software server printer file folder router database git windows browser spreadsheet backup password app')],
  ['internet_and_telecom', words('internet website email wifi wi-fi router sim phone domain dns network browser online')],
  ['shopping', words('order shop cart parcel refund return delivery checkout voucher store gift product')],
  ['finance', words('bank account card payment transfer invoice tax loan insurance iban fee salary stock')],
  ['travel_and_transportation', words('train flight hotel booking ticket passenger airport bus luggage trip bike rental reservation')],
  ['health', words('patient doctor clinic medicine dose hospital pharmacy blood vaccine prescription lab')],
  ['jobs_and_education', words('student course exam school university teacher job applicant training lesson grade')],
  ['law_and_government', words('permit passport tax registry court office form citizen licence license visa election')],
  ['home_and_garden', words('washing dishwasher thermostat heating garden kitchen lamp boiler lawn plant furniture')],
  ['autos_and_vehicles', words('car vehicle engine tyre tire brake charging truck tractor')],
  ['food_and_drink', words('recipe oven dough bake cook kitchen sauce flour coffee')],
  ['science', words('sample microscope laboratory measurement experiment sensor telescope centrifuge')],
  ['business_and_industrial', words('warehouse supplier machine production inventory contract customer shift pallet factory')],
  ['arts_and_entertainment', words('music video film photo museum concert audio podcast')],
  ['games', words('game console player controller')],
  ['sports', words('gym training match team running coach')],
  ['pets_and_animals', words('dog cat pet vet animal')],
  ['real_estate', words('tenant rent apartment landlord lease flat')]
]

const TASK_SIGNS: Signs<Task> = [
  ['customer_support', words('customer refund return claim complaint ticket support warranty')],
  ['ecommerce_and_retail', words('order cart checkout shop voucher parcel product delivery stock')],
  ['developer_tools', words('git commit build deploy code script api debug test')],
  ['version_control', words('git commit branch merge revert')],
  ['databases', words('database sql table index query vacuum replica rows')],
  ['file_systems', words('file folder directory disk backup archive upload')],
  ['cloud_platforms', words('cloud server cluster container instance deploy virtual')],
  ['security_and_iam', words('password login key permission access two-factor token certificate security')],
  ['communication', words('email message call sms letter notify chat mail')],
  ['calendar_management', words('appointment calendar schedule meeting date slot')],
  ['travel_and_transportation', words('train flight hotel booking trip passenger seat')],
  ['transportation_logistics', words('parcel pallet warehouse truck route shipment tracking container')],
  ['smart_home', words('thermostat lamp smart heating washing dishwasher sensor')],
  ['iphone_android', words('iphone android smartphone sim app phone')],
  ['financial_trading', words('stock trade broker shares portfolio')],
  ['enterprise_business_intelligence', words('report dashboard pivot sales invoice spreadsheet')],
  ['education_elearning', words('course student exam lesson quiz grade')],
  ['research_and_data', words('sample data survey measurement archive catalogue experiment library')],
  ['website_control', words('website page browser form click button portal')],
  ['robot_control', words('robot arm gripper drone exoskeleton')],
  ['multimedia_processing', words('photo video audio image scan recording subtitle')],
  ['monitoring', words('monitor alarm sensor log alert pressure')],
  ['note_taking', words('note notebook journal')],
  ['search', words('search find filter lookup')],
  ['marketing', words('campaign newsletter advert mailing')],
  ['social_media', words('post follower profile social')]
]

/** Things of screens, machines and services in languages that the tables above do not speak. */
const FOREIGN = /点击|點擊|登录|打开|订单|账号|系统|予約|ログイン|заявк|портал|кабинет|设置|設定|账户|アプリ|クリック|画面|手机|电脑|网站|打印|스마트폰|설정|클릭|앱|компьютер|сайт|приложени|телефон|принтер|кнопк|bildschirm|drucker|rechner|passwort|konto|app|auftrag|einstellung|schalt|pantalla|impresora|tarjeta|cita|contraseña|ajustes|aplicación|écran|imprimante|application|paramètres|mot de passe|schermo|stampante|impostazioni|computador|configurações|drukark|ustawienia|yazıcı|ayarlar|uygulama|skrivare|inställningar|pengaturan|aplikasi|صفحة|تطبيق|الطابعة|الإعدادات|स्क्रीन|ऐप|सेटिंग|usb|wi-?fi|e-?mail|login|pin\b|qr\b/gi

/** Most of a text that is searched for signs. */
const MAX_TEXT = 12_000

/** Answers the relevance prompt: steps in the text, and a screen, a machine or a service they act on. */
export function writeRelevance (text: string, outline: Outline): string {
  const read = text.slice(0, MAX_TEXT)
  const platforms = rank(read, PLATFORM_SIGNS)
  const signs = platforms.reduce((sum, [, count]) => sum + count, 0) + countMatches(read, FOREIGN)
  const [procedure] = outline.procedures
  // A list made by the text itself needs fewer signs; a numbered one in a script that the tables do not know, none.
  const wanted = procedure?.kind === 'prose' ? 2 : procedure?.kind === 'bullets' || /[A-Za-z]{4}/.test(procedure?.steps[0] ?? '') ? 1 : 0
  if (procedure === undefined || signs < wanted) return writeTag('multi_step', 'False')
  const summary = clip(`${outline.title === '' ? procedure.steps[0]! : outline.title.replace(/[.:]+$/, '')}, in ${procedure.steps.length} steps.`, 160)
  return [
    writeTag('multi_step', 'True'),
    writeTag('summary', summary),
    writeTag('platform', labels(platforms, 'other', 2)),
    writeTag('domain', labels(rank(read, DOMAIN_SIGNS), 'people_and_society', 2)),
    writeTag('task', labels(rank(read, TASK_SIGNS), 'knowledge_and_memory', 3))
  ].join('\n')
}

function rank<T extends string> (text: string, table: Signs<T>): ReadonlyArray<readonly [T, number]> {
  return table.map(([label, signs]) => [label, countMatches(text, signs)] as const).filter(([, count]) => count > 0).sort((one, other) => other[1] - one[1])
}

function countMatches (text: string, signs: RegExp): number {
  return text.match(signs)?.length ?? 0
}

/** The best labels of a ranking, as long as they are not far behind the first. */
function labels<T extends string> (ranked: ReadonlyArray<readonly [T, number]>, none: T, most: number): string {
  const best = ranked[0]?.[1] ?? 0
  const chosen = ranked.slice(0, most).filter(([, count]) => count * 3 >= best).map(([label]) => label)
  return (chosen.length === 0 ? [none] : chosen).join(', ')
}
