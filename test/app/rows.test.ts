import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Writable, type Readable } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import t from 'tap'
import type { PlanView } from '../../lib/app/commands/plan.js'
import { EXIT } from '../../lib/app/exit-codes.js'
import { main } from '../../lib/app/main.js'

// Which rows plan, run and preview read, by flags and by keys of the config.

const folder = mkdtempSync(join(tmpdir(), 'gemline-rows-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))
t.setTimeout(120_000)

async function gemline (args: readonly string[], stdin: Readable = new PassThrough()): Promise<{ readonly code: number, readonly out: string, readonly err: string }> {
  const said = { out: '', err: '' }
  const collect = (key: 'out' | 'err'): Writable => new Writable({ write (chunk, _, done) { said[key] += String(chunk); done() } })
  const code = await main(args, { stdin, stdout: collect('out'), stderr: collect('err'), color: false, columns: 80 })
  return { code, ...said }
}

interface Place { readonly row: number, readonly rowGroup: number }

/** Rows of every line of the shards that the manifest names. */
function rowsOf (out: string): string[] {
  const { splits } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as { splits: Array<{ data?: string, rejects?: string }> }
  return splits.flatMap(({ data, rejects }) => [data, rejects].filter(name => name !== undefined).flatMap(name => gunzipSync(readFileSync(join(out, name))).toString().trimEnd().split('\n')))
    .map(line => placeOf((JSON.parse(line) as { source: Place }).source)).sort()
}

const placeOf = ({ rowGroup, row }: Place): string => `${rowGroup} ${row}`

t.test('a sample of the shipped texts -> plan, run and preview read the same rows; the commit says how many were chosen', async t => {
  const out = join(folder, 'sampled')
  const args = ['--sample', '20', '--seed', '3', '--out', out]
  const plan = JSON.parse((await gemline(['plan', ...args, '--json'])).out) as PlanView
  t.match(plan, { source: { rows: 20, files: 1, unreadable: 0 }, drawnFrom: { rows: 239, unreadable: 0 }, calls: { total: { most: 60 } } })
  t.match((await gemline(['plan', ...args])).out, /^source {3}20 rows in \d+ splits of 1 files.*\nsample {3}of 239 rows in \d+ splits$/m)
  t.equal((await gemline(['run', ...args, '--quiet'])).code, EXIT.ok)
  const rows = rowsOf(out)
  t.equal(new Set(rows).size, 20)
  const preview = await gemline(['preview', ...args, '-n', '50', '--json'])
  t.strictSame(preview.out.trimEnd().split('\n').map(line => placeOf((JSON.parse(line) as { source: Place }).source)).sort(), rows)
  const { splits, totals } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as { splits: Array<{ result: { rows: number[], chosen: number } }>, totals: { books: { documents: number } } }
  t.equal(splits.reduce((sum, { result }) => sum + result.chosen, 0), 20)
  t.equal(totals.books.documents, 20)
  const other = await gemline(['run', '--sample', '20', '--seed', '4', '--out', out, '--quiet'])
  t.equal(other.code, EXIT.usage)
  t.match(other.err, /sample\.seed: planned 3, now 4/)
  t.match(readFileSync(join(out, 'README.md'), 'utf8'), /random sample of 20 rows \(seed 3\)/)
})

t.test('the same by keys of a config -> the same rows', async t => {
  const file = join(folder, 'sample.yaml')
  const out = join(folder, 'by-key')
  writeFileSync(file, `source: { name: ultra-fineweb-sample, uri: examples/data/ultra-fineweb-sample.parquet, preset: ultra-fineweb, licence: Apache-2.0 }
sample: { rows: 20, seed: 3 }
models: { default: { name: gemline-embedded, preset: embedded, endpoints: embedded } }\n`)
  t.equal((await gemline(['run', file, '--out', out, '--quiet'])).code, EXIT.ok)
  t.strictSame(rowsOf(out), rowsOf(join(folder, 'sampled')))
  const more = JSON.parse((await gemline(['plan', file, '--sample', '21', '--json'])).out) as PlanView
  t.equal(more.source?.rows, 21, 'a flag is stronger than the file')
})

t.test('a limit -> the first rows, and the plan says no more', async t => {
  const out = join(folder, 'limited')
  const plan = JSON.parse((await gemline(['plan', '--limit', '7', '--json'])).out) as PlanView
  t.match(plan, { source: { splits: 1, rows: 7 }, drawnFrom: null })
  t.equal((await gemline(['run', '--limit', '7', '--out', out, '--quiet'])).code, EXIT.ok)
  t.strictSame(rowsOf(out), Array.from({ length: 7 }, (_, row) => `0 ${row}`))
  t.equal((JSON.parse(readFileSync(join(out, 'plan.json'), 'utf8')) as { rows: number }).rows, 7)
  t.match((await gemline(['run', '--limit', '8', '--out', out])).err, /limit: planned 7, now 8/)
  t.match(readFileSync(join(out, 'README.md'), 'utf8'), /first 7 rows/)
})

t.test('standard input that stays open, with a limit -> the run ends after it', async t => {
  const stdin = new PassThrough()
  stdin.write('{"text":"too short"}\n{"text":"short as well"}\n{"text":"never read"}\n')
  const { code, err } = await gemline(['run', '--source', '-', '--sink', '-', '--limit', '2'], stdin)
  t.equal(code, EXIT.ok)
  t.match(err, /documents 2 /)
})

t.test('rows that cannot be asked for -> exit 2, by name', async t => {
  const cases = [
    { args: ['--sample', '0'], says: /--sample: / },
    { args: ['--sample', '1e3'], says: /--sample: write a whole number/ },
    { args: ['--seed', 'x'], says: /--seed: write a whole number/ },
    { args: ['--seed', '1'], says: /sample\.rows: / },
    { args: ['--sample', '5', '--limit', '5'], says: /limit: not together with sample/ },
    { args: ['--sample', '5', '--source', '-'], says: /sample: standard input is read as it comes/ },
    { args: ['--sample', '5', '--set', 'source.preset=wikihowSep'], says: /sample: the preset wikihowSep makes one document of several rows/ },
    { args: ['--set', 'sample={ rows: 5, seeds: 1 }'], says: /sample\.seeds: unknown key; did you mean seed\?/ }
  ]
  for (const { args, says } of cases) {
    for (const command of ['plan', 'run', 'preview']) {
      const { code, err } = await gemline([command, ...args])
      t.equal(code, EXIT.usage, `${command} ${args.join(' ')}`)
      t.match(err, says)
    }
  }
})
