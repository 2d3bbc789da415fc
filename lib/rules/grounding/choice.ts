import { snakeCase } from './text-forms.js'

/** What counts, bounds or tunes: an assistant may set it. */
const SIZE_NAME = /(?:^|_)(?:limit|page|size|offset|top|count|max|min|maximum|minimum|per_page|results|radius|depth|timeout|priority|threshold|quality|volume|temperature|max_tokens|tokens|retries|precision|lines)(?:_|$)/
/** Bounds of money are somebody's decision. */
const MONEY_NAME = /budget|price|amount|cost|spend|credit|salary|fare|fee|payment|balance/
/** Texts that an assistant composes. */
const TEXT_NAME = /(?:^|_)(?:query|search|keywords?|pattern|message|text|body|content|subject|title|notes?|comments?|description|reason|summary|label|tags?|topic|instructions?|prompt|details|resolution|caption|bio|question|answer|remarks?|explanation)(?:_|$)/
/** Words out of a small vocabulary that a definition may have left open. */
const KIND_NAME = /(?:^|_)(?:format|sort|sort_by|order_by|field|fields|column|columns|type|category|status|language|locale|currency|unit|units|mode|level|severity|direction|style|theme|color|colour|operation|action|role|scope)(?:_|$)/
/** Names of things that an assistant makes: files, folders, lists. Names of persons, places and goods are not among them. */
const THING_NAME = /(?:^|_)(?:file|files|filename|dir|directory|folder|path|output|list|playlist|project|event|meeting|group|branch|collection|campaign|board|channel|table|index|task|new|display|session|job|rule|filter|view|report|backup|snapshot|template)(?:_?name)?$/
/** Where the assistant may make up a code as well, if nothing says that it is an id. */
const LOOSE_NAME = new RegExp(`${THING_NAME.source}|^name$|(?:^|_)(?:title|label|tags?|slug|hashtags?)$`)
const FILE = /^[\w./~ -]{1,200}\.[a-z][a-z0-9]{0,5}$|^[.~]?\/[\w./-]{1,200}$|^https?:\/\//i
const ADDRESS_NAME = /(?:^|_)(?:address|street|addr|location|city|destination_city|recipient|customer|passenger|guest|contact)(?:_|$)/
const MIN_SENTENCE_WORDS = 4

/** Whether a number is one that an assistant may choose. */
export function isChosenNumber (name: string): boolean {
  const key = snakeCase(name)
  return SIZE_NAME.test(key) && !MONEY_NAME.test(key)
}

/** Whether a text is one that an assistant may choose: what it composes, a word out of a vocabulary, a file, a name of what it makes. */
export function isChosenText (value: string, name: string): boolean {
  const key = snakeCase(name)
  if (TEXT_NAME.test(key) || KIND_NAME.test(key) || FILE.test(value)) return true
  if (ADDRESS_NAME.test(key)) return false
  return THING_NAME.test(key) || value.trim().split(/\s+/, MIN_SENTENCE_WORDS).length >= MIN_SENTENCE_WORDS
}

/** Whether the name of an argument lets an assistant make up something that looks like a code. */
export function isLooseName (name: string): boolean {
  return LOOSE_NAME.test(snakeCase(name))
}
