import t from 'tap'
import { parseYaml } from '../../../lib/app/config.js'
import { GEM_TASK_SHARES } from '../../../lib/app/dataset/gem-shares.js'
import { namedQuota, readQuota, type QuotaFor } from '../../../lib/app/dataset/mix-quota.js'

const at = (more: Partial<QuotaFor> = {}): QuotaFor => ({ by: 'task', n: 1_000, where: 'quota.yaml', ...more })
const read = (text: string, more: Partial<QuotaFor> = {}) => readQuota(parseYaml(text, 'quota.yaml'), at(more))
const plain = (quota: ReturnType<typeof readQuota>) => quota.kind === 'wanted' ? { wanted: Object.fromEntries(quota.wanted), without: [...quota.without] } : quota.kind

t.test('numbers and shares -> whole numbers of records', t => {
  const cases = [
    { title: 'numbers', text: 'search: 100\ndatabases: 250', wanted: { search: 100, databases: 250 }, without: [] },
    { title: 'JSON', text: '{"search": 100, "*": 900}', wanted: { search: 100, '*': 900 }, without: [] },
    { title: 'shares as fractions and per cent', text: 'search: 0.25\ndatabases: 12.5 %\n"*": 50%', wanted: { search: 250, databases: 125, '*': 500 }, without: [] },
    { title: 'thirds add up', text: 'search: 33.3 %\ndatabases: 33.3 %\nmarketing: 33.4 %', n: 10, wanted: { databases: 3, marketing: 4, search: 3 }, without: [] },
    { title: 'shares that were rounded', text: 'search: 0.5\ndatabases: 0.505', wanted: { search: 498, databases: 502 }, without: [] },
    { title: 'both', text: 'search: 500\n"*": 0.5', wanted: { search: 500, '*': 500 }, without: [] },
    { title: 'none of a label', text: 'search: 0\ndatabases: 0 %\n"*": 100 %', wanted: { '*': 1_000 }, without: ['search', 'databases'] },
    { title: 'a share of less than one record is no exclusion', text: 'search: 0.0001\n"*": 0.5', wanted: { search: 0, '*': 500 }, without: [] },
    { title: 'records without a label', text: 'unknown: 7', wanted: { unknown: 7 }, without: [] }
  ]
  for (const { title, text, wanted, without, n = 1_000 } of cases) t.strictSame(plain(read(text, { n })), { wanted, without }, title)
  t.strictSame(plain(read('"out of/any name": 3', { by: 'source' })), { wanted: { 'out of/any name': 3 }, without: [] }, 'sources and licences have any name')
  t.end()
})

t.test('shares of the paper -> figure 2, whatever its sum', t => {
  const quota = namedQuota('gem', at({ n: 10_000 }))
  const wanted = quota.kind === 'wanted' ? quota.wanted : new Map<string, number>()
  t.equal([...wanted.values()].reduce((sum, number) => sum + number, 0), 10_000)
  for (const [label, percent] of GEM_TASK_SHARES) t.ok(Math.abs((wanted.get(label) ?? 0) - percent * 100 / 1.001) <= 1, label)
  t.throws(() => namedQuota('gem', at({ by: 'domain' })), { code: 'config-invalid', message: /gem has shares of tasks .* not by domain/ })
  t.strictSame(namedQuota('equal', at({ by: 'domain' })), { kind: 'equal' })
  t.end()
})

t.test('quotas that are none -> config-invalid that names file and label', t => {
  const names = Array.from({ length: 1_001 }, (_, at) => `s${at}: 1`).join('\n')
  const cases: ReadonlyArray<{ readonly text: string, readonly says: RegExp, readonly by?: QuotaFor['by'] }> = [
    { text: '', says: /quota\.yaml: name at least one label/ },
    { text: names, by: 'source', says: /at most 1000, not 1001/ },
    { text: 'Search: 5', says: /quota\.yaml: "Search" is no task; there are databases, / },
    { text: '__proto__: 5', says: /"__proto__" is no task/ },
    { text: 'constructor: { prototype: 1 }', says: /"constructor" is no task/ },
    { text: 'search: -1', says: /"search" wants a whole number of records, or a share/ },
    { text: 'search: 1.5', says: /"search" wants/ },
    { text: 'search: .inf', says: /"search" wants/ },
    { text: 'search: 101 %', says: /"search" wants/ },
    { text: 'search: many', says: /"search" wants/ },
    { text: 'search: [5]', says: /"search" wants/ },
    { text: 'search: { a: 5 }', says: /"search" wants/ },
    { text: 'search: 600\ndatabases: 600', says: /the quotas ask for 1200 of 1000 records/ },
    { text: 'search: 60 %\ndatabases: 60 %', says: /the quotas ask for 120\.0 % of 1000 records/ },
    { text: 'search: 600\n"*": 0.5', says: /the quotas ask for 1100 of 1000 records/ },
    { text: 'search: 5\nsearch: 6', says: /quota\.yaml, line 2/ },
    { text: '- search', says: /quota\.yaml/ },
    { text: 'search', says: /quota\.yaml/ },
    { text: '"\\u001b[31m\\u202e": 5', says: /is no task/ }
  ]
  for (const { text, says, by = 'task' } of cases) t.throws(() => read(text, { by }), { code: 'config-invalid', message: says }, text.slice(0, 40))
  t.throws(() => read('"\\u001b[31m": 5'), { message: /^[^\u001b]*$/ }) // eslint-disable-line no-control-regex -- it must not be there
  t.end()
})
