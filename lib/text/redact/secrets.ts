import { RESERVED_DOMAIN } from './contacts.js'
import { when, type Place, type ValuePattern } from './finding.js'

/** How keys of well-known issuers begin. */
const ISSUERS = 'AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|[rs]k_(?:live|test)_|AIza|sk-ant-|sk-proj-|sk-|npm_|hf_|SG\\.|ya29\\.|dop_v1_|shpat_|eyJ'

/** The beginning that the issuer of a key gives it. */
export const ISSUER = new RegExp(`^(?:${ISSUERS})`)

/** Words that a password or key is named by; `DB_PASSWORD` and `x-api-key` end in them. */
const PASSWORD_WORDS = 'password|passwd|passphrase|passcode|pwd|pw|passwort|kennwort|mot de passe|contraseña|senha|wachtwoord|hasło|lösenord|пароль|密码|パスワード'
const KEY_WORDS = 'api[ _-]?key|apikey|secret[ _-]?key|client[ _-]?secret|access[ _-]?key|access[ _-]?token|auth[ _-]?token|private[ _-]?key|secret|token'
/** What stands between the word and its value: `"key": "v`, `key = 'v`, `key=v`, `key is v`, `key to v`. */
const ASSIGNED = '["\'`]?(?:\\s{0,3}(?::|=|=>)\\s{0,3}| is | to )["\'`]?'
const VALUE = '[^\\s"\'`,;<>()\\[\\]{}$&|]{6,128}'

const LEAST_PASSWORD = 6
const LEAST_KEY = 12

/** Keys, tokens and passwords: by how their issuer writes them, or after the word for them. */
export const SECRET_PATTERNS: readonly ValuePattern[] = [
  {
    type: 'secret',
    needs: /PRIVATE KEY-----/,
    pattern: /(-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY-----\s{0,8})((?:[^-]|-(?!----)){1,8000}?)(?=\s{0,8}-----END)/g,
    accept: when(isFresh)
  },
  {
    type: 'secret',
    startsWord: true,
    pattern: new RegExp(`()((?:${ISSUERS})[\\w-]{16,2000}(?:\\.[\\w-]{10,4000}){0,2})`, 'g'),
    accept: when((value, place) => isFresh(value) && looksSecret(value, place) && (!value.startsWith('eyJ') || value.includes('.')))
  },
  { type: 'secret', needs: /:AA/, pattern: /(?<![\w-])()(\d{8,10}:AA[\w-]{33})(?![\w-])/g, accept: when(isFresh) },
  { type: 'secret', needs: /hooks\.slack\.com/, pattern: /(hooks\.slack\.com\/services\/)([\w/]{20,100})/g, accept: when(isFresh) },
  {
    type: 'secret',
    needs: /:\/\//,
    pattern: /((?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,20}:\/\/)([^\s/:@?#"'<>]{0,64}:[^\s/:@?#"'<>{}$]{2,128})(?=@)/gi,
    accept: when((value, { text, start }) => isFresh(value) && !RESERVED_DOMAIN.test(hostAfter(text, start + value.length + 1)) && !/^(?:user(?:name)?|login):(?:pass(?:word|wd)?|pwd|secret)$/i.test(value))
  },
  { type: 'secret', needs: /-u/, pattern: /(\bcurl .{0,100}?-u ["']?)([^\s:"']{1,64}:[^\s"']{4,128})/g, accept: when((value, place) => isFresh(value) && looksSecret(value, place)) },
  { type: 'secret', pattern: /((?<!\w)(?:bearer|basic) )([\w.~+/-]{16,4000}={0,2})/gi, accept: when((value, place) => isFresh(value) && looksSecret(value, place)) },
  {
    type: 'secret',
    startsWord: true,
    pattern: new RegExp(`((?:${PASSWORD_WORDS})(?:${ASSIGNED}| ))(${VALUE})`, 'gi'),
    accept: acceptPassword
  },
  // `REDIS_PASS`: the word alone is one of sports and of mountains too.
  { type: 'secret', needs: /_pass/i, pattern: new RegExp(`(_pass${ASSIGNED})(${VALUE})`, 'gi'), accept: acceptPassword },
  {
    type: 'secret',
    startsWord: true,
    pattern: new RegExp(`((?:${KEY_WORDS})${ASSIGNED})(${VALUE})`, 'gi'),
    accept: (value, place) => acceptNamed(value, place, LEAST_KEY)
  }
]

function acceptPassword (value: string, place: Place): string | undefined {
  if (!/^\p{L}+ $/u.test(place.before)) return acceptNamed(value, place, LEAST_PASSWORD)
  // `password Zk2mXw9L`, with nothing between: only what no sentence says.
  return /\p{Ll}/u.test(value) && /\p{Lu}/u.test(value) ? acceptNamed(value, place, LEAST_PASSWORD + 2) : undefined
}

/** The value without the mark that ends its sentence, if it mixes letters and digits as no word does. */
function acceptNamed (matched: string, place: Place, least: number): string | undefined {
  const value = matched.replace(/[.?:]+$/, '')
  return value.length >= least && isFresh(value) && looksSecret(value, place) ? value : undefined
}

function hostAfter (text: string, start: number): string {
  return /^[\w.-]*/.exec(text.slice(start, start + 255))?.[0] ?? ''
}

/** Names of a program that stand for a value: `process.env.KEY2`. */
const IN_PROGRAM = /^(?:process|os|env|config|settings|options|params|args|request|req|self|this|app)\.[a-z_$]/i

/** Letters and digits together, no variable (`$TOKEN`), no call (`f(1)`), no index (`tokens[0]`). */
function looksSecret (value: string, { text, start }: Place): boolean {
  const next = text[start + value.length] ?? ''
  return /\p{L}/u.test(value) && /\p{N}/u.test(value) && !IN_PROGRAM.test(value) && !'([{$'.includes(next || ' ')
}

/** Whether the value is none of our own surrogates, and no example that says so. */
function isFresh (value: string): boolean {
  return !/example|your|xxxx|\*\*\*/i.test(value)
}
