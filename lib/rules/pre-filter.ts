import { z } from 'zod'

/** Bounds of the rules that run before any model is asked. */
export const preFilterSchema = z.strictObject({
  /** Shorter texts are `too-short`. */
  minCharacters: z.int().min(0).default(200),
  /** Longer texts are `too-long-text`. */
  maxCharacters: z.int().min(1).default(100_000),
  /** Fewer signs of steps than this are `no-steps`; 0 asks for none. */
  minSigns: z.int().min(0).default(3)
})

/** The bounds in effect: lengths in UTF-16 units, signs of steps as `preFilter` counts them. */
export type PreFilterOptions = Readonly<z.infer<typeof preFilterSchema>>
/** Why a text was dropped before any model saw it. */
export type PreFilterReason = 'too-short' | 'too-long-text' | 'no-steps'

/**
 * Why a text is not worth a model call, or undefined if it is. Rather lets ten texts through than loses one that has steps.
 * Beyond GEM, which asks a model about every document (paper section 3.1).
 */
export function preFilter (text: string, { minCharacters, maxCharacters, minSigns }: PreFilterOptions): PreFilterReason | undefined {
  if (text.length < minCharacters) return 'too-short'
  if (text.length > maxCharacters) return 'too-long-text'
  return countSigns(text, minSigns) < minSigns ? 'no-steps' : undefined
}

/** Words that put things in sequence; at most two of them count, since stories use them too. Without CJK, see below. */
const SEQUENCE_WORDS = `
step steps first firstly second secondly third then next afterwards finally lastly follow procedure instructions tutorial guide
schritt schritte zuerst zunächst dann danach anschließend schließlich anleitung étape étapes abord ensuite puis enfin suivez
paso pasos primero luego después finalmente siga passo passos primeiro depois seguida primo poi infine passaggio passaggi
stap stappen eerst vervolgens daarna krok kroki najpierw następnie potem шаг шаги сначала затем потом далее наконец
adım önce sonra ardından steg först sedan därefter langkah pertama kemudian lalu خطوة خطوات أولا ثم चरण पहले फिर`

/** Verbs as instructions use them and things that instructions act on; each counts once. */
const ACTION_WORDS = `
click tap press select choose enter type install uninstall download upload open launch insert connect disconnect plug unplug
login log sign submit scroll drag copy paste save configure navigate settings menu button toggle enable disable restart reboot
update attach remove tighten unscrew preheat stir pour fold rinse enable create delete edit verify confirm browse scan switch
pick place wait hold pull push adjust charge replace reset check
klicken klicke tippen tippe drücken drücke wählen wähle öffnen öffne installieren geben eingeben einstellungen schalten
cliquez appuyez sélectionnez choisissez ouvrez saisissez installez téléchargez paramètres haga clic pulse seleccione elija abra
introduzca instale descargue ajustes clique toque selecione escolha insira instale baixe configurações clicca premi seleziona
scegli apri inserisci installa scarica impostazioni klik druk selecteer kies voer installeer instellingen kliknij naciśnij
wybierz otwórz wpisz zainstaluj ustawienia нажмите выберите откройте введите установите скачайте настройки кнопку tıklayın
basın seçin açın girin yükleyin ayarlar klicka tryck välj öppna ange inställningar ketuk pilih buka masukkan unduh pengaturan
انقر اضغط اختر افتح أدخل الإعدادات क्लिक चुनें खोलें दबाएं दर्ज`

/** Scripts without spaces: these are looked for where their first character stands. */
const UNSPACED_SEQUENCE = ['步骤', '步驟', '首先', '然后', '然後', '接着', '最后', '最後', '第一步', '手順', 'まず', '次に', 'ステップ', '단계', '먼저', '다음']
const UNSPACED_ACTION = ['点击', '點擊', '选择', '選擇', '打开', '打開', '输入', '輸入', '安装', '下载', '设置', 'クリック', 'タップ', '押し', '選択', '開き', '開く', '入力', '設定', '클릭', '선택', '누르', '입력', '설치', '설정']

const SPACE = 32
const LETTERS_END = 0x2000
const UNSPACED_START = 0x2e80
const MOST_SEQUENCE_SIGNS = 2

const codesOf = (characters: string): ReadonlySet<number> => new Set([...characters].map(character => character.charCodeAt(0)))
const ENUMERATOR_MARKS = codesOf('.):、．）\uFE0F')
const BULLETS = codesOf('-*•◦‣▪●○➤►✓✔☐')
/** `Settings > General`, `File → Open`. */
const ARROWS = codesOf('>→»›')

/** Lower case of every letter below LETTERS_END by char code, 0 for what is no letter. */
const FOLDED = Uint16Array.from({ length: LETTERS_END }, (_, code) => {
  const letter = String.fromCharCode(code)
  return /[\p{L}\p{M}]/u.test(letter) ? letter.toLowerCase().charCodeAt(0) : 0
})

const KIND_SEQUENCE = 1
const KIND_ACTION = 2
const SLOTS = 4096
const HASHES = new Int32Array(SLOTS)
const KINDS = new Uint8Array(SLOTS)
tabulate(SEQUENCE_WORDS, KIND_SEQUENCE)
tabulate(ACTION_WORDS, KIND_ACTION)
const UNSPACED = byFirstCharacter()

interface Scan {
  readonly text: string
  signs: number
  sequenceSigns: number
  /** The number that would continue `1. … 2. …`. */
  nextNumber: number
  /** Words that counted already, by hash; at most as many as there are signs. */
  readonly counted: number[]
}

/** Signs that a text tells of steps; stops when there are `enough`. One pass that allocates nothing for each word. */
function countSigns (text: string, enough: number): number {
  const scan: Scan = { text, signs: 0, sequenceSigns: 0, nextNumber: 1, counted: [] }
  let hash = 0
  for (let position = 0; position < text.length; position++) {
    const code = text.charCodeAt(position)
    const folded = code < LETTERS_END ? FOLDED[code] as number : 0
    if (folded !== 0) {
      hash = (Math.imul(hash, 31) + folded) | 0
      continue
    }
    if (hash !== 0) countWord(scan, hash)
    hash = 0
    if (code <= SPACE) continue
    countOther(scan, code, position)
    if (scan.signs >= enough) return scan.signs
  }
  if (hash !== 0) countWord(scan, hash)
  return scan.signs
}

function countWord (scan: Scan, hash: number): void {
  for (let slot = hash & (SLOTS - 1); KINDS[slot] !== 0; slot = (slot + 1) & (SLOTS - 1)) {
    if (HASHES[slot] === hash) countMarker(scan, hash, KINDS[slot] === KIND_SEQUENCE)
  }
}

function countMarker (scan: Scan, hash: number, sequence: boolean): void {
  if (scan.counted.includes(hash) || (sequence && scan.sequenceSigns === MOST_SEQUENCE_SIGNS)) return
  scan.counted.push(hash)
  scan.signs++
  if (sequence) scan.sequenceSigns++
}

function countOther (scan: Scan, code: number, position: number): void {
  if (code >= UNSPACED_START) countUnspaced(scan, code, position)
  if (ENUMERATOR_MARKS.has(code)) countNumber(scan, position)
  const standsAlone = scan.text.charCodeAt(position + 1) === SPACE
  if (standsAlone && (ARROWS.has(code) || (BULLETS.has(code) && startsLine(scan.text, position)))) scan.signs++
}

/** `1.`, `2)`, `3:` count from the second one of a run on, and then for the first one too. */
function countNumber (scan: Scan, mark: number): void {
  if (isDigit(scan.text.charCodeAt(mark + 1))) return
  let start = mark
  while (mark - start < 3 && isDigit(scan.text.charCodeAt(start - 1))) start--
  if (start === mark) return
  const value = Number(scan.text.slice(start, mark))
  if (value === scan.nextNumber && value > 1) scan.signs += value === 2 ? 2 : 1
  if (value === scan.nextNumber || value === 1) scan.nextNumber = value + 1
}

function isDigit (code: number): boolean {
  return code >= 48 && code <= 57
}

/** Whether there are only a few blanks between the start of the line and this place. */
function startsLine (text: string, position: number): boolean {
  const before = text.slice(Math.max(0, position - 8), position)
  const ink = before.trimEnd()
  return ink === '' || before.includes('\n', ink.length)
}

function countUnspaced (scan: Scan, code: number, position: number): void {
  for (const { marker, sequence } of UNSPACED.get(code) ?? []) {
    if (scan.text.startsWith(marker, position)) countMarker(scan, hashOf(marker), sequence)
  }
}

function hashOf (word: string): number {
  let hash = 0
  for (let index = 0; index < word.length; index++) hash = (Math.imul(hash, 31) + word.charCodeAt(index)) | 0
  return hash
}

/** Puts words into the open hash table: one that is none of ours, as nearly all are, then costs one look. */
function tabulate (list: string, kind: number): void {
  for (const hash of list.trim().split(/\s+/).map(hashOf)) {
    let slot = hash & (SLOTS - 1)
    while (KINDS[slot] !== 0 && HASHES[slot] !== hash) slot = (slot + 1) & (SLOTS - 1)
    HASHES[slot] = hash
    KINDS[slot] = kind
  }
}

function byFirstCharacter (): ReadonlyMap<number, ReadonlyArray<{ readonly marker: string, readonly sequence: boolean }>> {
  const markers = [
    ...UNSPACED_SEQUENCE.map(marker => ({ marker, sequence: true })), ...UNSPACED_ACTION.map(marker => ({ marker, sequence: false }))
  ]
  const firsts = new Set(markers.map(({ marker }) => marker.charCodeAt(0)))
  return new Map([...firsts].map(first => [first, markers.filter(({ marker }) => marker.charCodeAt(0) === first)]))
}
