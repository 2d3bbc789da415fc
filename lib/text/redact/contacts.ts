import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { when, type ValuePattern } from './finding.js'

/** Domains that belong to nobody (RFC 2606, RFC 6761), and those of one machine. */
export const RESERVED_DOMAIN = /(?:^|\.)(?:example\.(?:com|net|org|edu)|example|test|invalid|localhost|local)$/i
/** `icon@2x.png` and `logo@site.min.js` are files. */
const FILE_ENDING = /\.(?:png|jpe?g|gif|svg|webp|ico|css|js|mjs|ts|json|html?|md|txt|sh|py)$/i

/** Addresses of mail, plain and as `name [at] domain [dot] org`. Reserved domains, `git@host` and the end of `user:password@host` stay. */
const EMAILS: readonly ValuePattern[] = [
  {
    type: 'email',
    needs: /@/,
    pattern: /(?<![\p{sc=Latin}\p{N}.+&_%-])()((?:[\p{sc=Latin}\p{sc=Cyrillic}\p{N}_][\p{sc=Latin}\p{sc=Cyrillic}\p{N}_.+&'%-]{0,63})@(?:[\p{sc=Latin}\p{N}-]{1,63}\.){1,8}[a-z]{2,24})(?![\w-])/giu,
    accept: when(value => !RESERVED_DOMAIN.test(value.slice(value.indexOf('@') + 1)) && !FILE_ENDING.test(value) && !/^(?:git|Example-\d{4})@/.test(value))
  },
  {
    type: 'email',
    needs: /[[(]at[\])]/i,
    pattern: /(?<![\w.+-])()([\w][\w.+-]{0,63} ?[[(]at[\])] ?(?:[a-z0-9-]{1,63}(?: ?[[(]dot[\])] ?|\.)){1,4}[a-z]{2,24})(?![\w-])/gi
  }
]

/** Networks that are nobody's or everybody's: private, loopback, documentation (RFC 5737, RFC 3849), multicast, and the big resolvers. */
const PUBLIC = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.2.0', 24],
  ['192.168.0.0', 16], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 3],
  ['8.8.8.8', 32], ['8.8.4.4', 32], ['1.1.1.1', 32], ['1.0.0.1', 32], ['9.9.9.9', 32], ['208.67.222.222', 32], ['208.67.220.220', 32]
] as const) PUBLIC.addSubnet(network, prefix, 'ipv4')
for (const [network, prefix] of [
  ['::', 96], ['fe80::', 10], ['fc00::', 7], ['ff00::', 8], ['2001:db8::', 32], ['2001:4860:4860::', 48], ['2606:4700:4700::', 48]
] as const) PUBLIC.addSubnet(network, prefix, 'ipv6')

const VERSION_BEFORE = /(?:\b(?:v|ver|version|release|build|firmware|driver|section|chapter|clause|figure|table|oid)\W{0,3}|§ ?|\b(?:update|upgrade|bump|patch)[^\n]{0,16})$/i
const LEAST_OCTET = 32

/** Addresses of machines. Four small numbers in a row are a version or a heading rather than a host. */
const ADDRESSES: readonly ValuePattern[] = [
  {
    type: 'ip',
    needs: /\d\.\d/,
    pattern: /(?<![\w.-])()((?:\d{1,3}\.){3}\d{1,3})(?![\w-]|\.\d)/g,
    accept: when((value, { text, start }) => isIPv4(value) && !PUBLIC.check(value) &&
      value.split('.').some(octet => Number(octet) >= LEAST_OCTET) && !VERSION_BEFORE.test(text.slice(Math.max(0, start - 32), start)))
  },
  {
    type: 'ip',
    needs: /:[0-9a-f]{0,4}:/i,
    pattern: /(?<![\w:.])()([0-9a-f]{1,4}(?::[0-9a-f]{0,4}){2,7})(?![\w:])/gi,
    // `dead::beef` may be a name in a program.
    accept: when(value => isIPv6(value) && value.split(':').filter(group => group !== '').length >= 4 && /\d/.test(value) && !PUBLIC.check(value, 'ipv6'))
  },
  {
    type: 'mac',
    needs: /[0-9a-f]{2}[:-][0-9a-f]{2}[:-]/i,
    pattern: /(?<![\w:-])()([0-9a-f]{2}([:-])[0-9a-f]{2}(?:\3[0-9a-f]{2}){4})(?![\w:-])/gi,
    // Six numbers without a letter are a draw of the lottery or a row of sizes; 00:00:5E:00:53 is documentation (RFC 7042).
    accept: when(value => /[a-f]/i.test(value) && !/^(?:ff.){5}ff$|^00.00.5e.00.53/i.test(value))
  }
]

/** Addresses of mail and of machines. */
export const CONTACT_PATTERNS: readonly ValuePattern[] = [...EMAILS, ...ADDRESSES]
