const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/).filter(word => word !== ''))

/** Verbs that instructions begin with. */
export const VERBS = set(`
accept access activate add adjust agree align allow answer append apply approve arrange ask assign attach authenticate authorize
back backup block book boot borrow bring browse build buy calculate calibrate call cancel capture carry change charge check choose
claim clean clear click clone close collect combine commit compare compile complete compose compress compute configure confirm
connect contact continue control convert copy count create cut decide declare define delete deliver deploy describe deselect detach
determine diagnose disable disconnect discuss dismiss display divide document download drag draw drop dry edit eject email empty
enable enter erase establish estimate evaluate examine exchange execute expand export extend extract fasten feed fetch file fill
filter find finish fit fix flash flush follow format forward gather generate get give go grant group guide hand hang hide hold
identify implement import include increase inform initialize initiate inject insert inspect install instruct invite issue join keep
label launch lay leave let level lift limit link list load locate lock log look lower lubricate mail make manage map mark match
measure merge migrate mix modify monitor mount move name navigate note notify obtain offer open optimize order pack paste pause pay
perform phone pick pin place plan plug point position post pour power preheat prepare present press preview prime print process
program protect provide publish pull purchase push put query raise reach read reboot rebuild receive reconnect record recover
redeem reduce refer refill refresh refund register reinstall release reload remember remind remove rename renew rent repair repeat
replace reply report request require rerun reschedule reserve reset resolve restart restore resume retrieve return reverse review
revert revoke rinse roll rotate route run save scan schedule scroll search secure select send separate serve set settle share shut
sign skip slide solve sort specify split spray spread squeeze stage start state stir stop store submit subscribe subtract supply
swap swipe switch sync synchronize tag take tap tell test tighten toggle touch track train transfer translate transmit turn type
unblock undo uninstall unlock unplug unscrew unsubscribe unzip update upgrade upload use validate verify view visit wait warm wash
watch weigh wipe withdraw work wrap write zip zoom aim blend bake boil chop cook fold knead whisk sprinkle season simmer drain cool
soak sand paint drill hammer glue screw trim water plant dig sow prune brush shake hover double-click right-click long-press
`)

/** Verbs with a small word that belongs to them: log in, turn off. */
export const PARTICLE_VERBS = set('log sign turn switch set plug pick fill send give write look take put shut back check hand pull clean roll power read carry drop')
/** The small words themselves. */
export const PARTICLES = set('in on up out off down back away over')

/** Words that say that a step comes in its turn, in several languages. */
export const SEQUENCE = set(`first firstly second secondly third thirdly then next now afterwards after finally lastly last once
subsequently begin start zuerst dann danach anschließend schließlich ensuite puis enfin abord luego después finalmente primero primeiro
depois prima poi infine daarna vervolgens`)

/** Passed over between a verb and its object, and in front of names. */
export const FILLERS = set(`
a an the your you my our their his her its this that these those any each every all some both another other one two three new same
right correct final only also again please just to into onto in on at of with for from by up as it them him us me own first second
third next last same whole entire available required needed necessary desired appropriate specific particular several many more
few small large short long second- now directly carefully gently slowly firmly briefly least most about around exactly always down
`)

/** End the object of a verb. */
export const BREAKS = set(`
and or but if when while until unless because so that which who where with without to into onto in on at of for from by before
after during than then as is are was were be been has have had do does not will would can could should must may might via using per
through under over between against within since although it they he she we you there here
`)

/** Never the thing that a procedure is about. */
export const HOLLOW = set(`
step steps guide way ways thing things list page part parts time times day days minute minutes hour hours how what note notes
everything anything something someone person people bit number numbers one two three four five example routine rule rules answer
answers end place half kind sort case text line word button screen menu tab option field box none all it this that them
`)

/** Lower case ASCII words joined by `_`; empty where no letter or digit is left. */
export function snake (text: string): string {
  return text.slice(0, 200).normalize('NFKD').replace(/\p{M}+/gu, '').toLowerCase().replace(/['’]/g, '').replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '')
}

/** The singular of an English noun, roughly. */
export function singular (noun: string): string {
  if (/(?:ss|us|is)$/.test(noun) || noun.length < 4) return noun
  if (noun.endsWith('ies')) return `${noun.slice(0, -3)}y`
  if (/(?:ches|shes|xes|sses)$/.test(noun)) return noun.slice(0, -2)
  return noun.endsWith('s') ? noun.slice(0, -1) : noun
}

/** At most `most` UTF-16 units, cut at a word where one is near, never inside a surrogate pair. */
export function clip (text: string, most: number): string {
  if (text.length <= most) return text
  const cut = text.slice(0, most).replace(/[\ud800-\udbff]$/, '')
  const blank = cut.lastIndexOf(' ')
  return `${(blank > most * 0.6 ? cut.slice(0, blank) : cut).trimEnd()}…`
}

/** A line as prose: no tags, template tokens or control signs, single blanks. What reads `<name>` becomes `name`. */
export function plain (text: string): string {
  return text.slice(0, 24_000)
    .replace(/<\|[^<>|]{0,40}\|>/g, ' ')
    .replace(/<\/?(?:[a-z_]{1,20})\s?\/?>/gi, tag => /^<(?:hash|name|id|file|user_?name|path|branch|date|key|value|number)>$/i.test(tag) ? tag.slice(1, -1) : ' ')
    .replace(/<(?=[/|!a-z])/gi, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, ' ')
    .trim()
}
