import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable, Writable } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import t from 'tap'
import { COMMANDS } from '../../lib/app/commands/index.js'
import { EXIT } from '../../lib/app/exit-codes.js'
import { main } from '../../lib/app/main.js'
import { fromOpenAi, toOpenAi, trajectoryRecordSchema } from '../../lib/schema/index.js'

const folder = mkdtempSync(join(tmpdir(), 'gemline-main-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))

interface Said { readonly code: number, readonly out: string, readonly err: string }

async function gemline (args: readonly string[], { stdin = new PassThrough() as Readable, stdout = undefined as Writable | undefined } = {}): Promise<Said> {
  const said = { out: '', err: '' }
  const collect = (key: 'out' | 'err'): Writable => new Writable({ write (chunk, _, done) { said[key] += String(chunk); done() } })
  const code = await main(args, { stdin, stdout: stdout ?? collect('out'), stderr: collect('err'), color: false, columns: 80 })
  return { code, ...said }
}

const PROCEDURE = 'How to return a parcel. 1. Open the returns page and sign in with your order number. 2. Select the item and choose a reason. 3. Print the label within 14 days. 4. Attach the label to the parcel and hand it in at the depot. Items over 20 kg must not be sent by post.'

t.test('help -> every command with its examples, exit 0', async t => {
  const { code, out } = await gemline(['--help'])
  t.equal(code, EXIT.ok)
  for (const { name, examples } of COMMANDS) {
    t.match(out, name)
    const help = await gemline([name, '--help'])
    t.equal(help.code, EXIT.ok)
    for (const example of examples) t.ok(help.out.includes(example), `${name}: ${example}`)
  }
  t.equal((await gemline(['--version'])).out.trim(), (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version)
})

t.test('wrong command lines -> exit 2 and what to do, no stack', async t => {
  const cases: Array<{ args: string[], says: RegExp }> = [
    { args: ['nope'], says: /unknown command 'nope'/ },
    { args: ['run', '--nope'], says: /unknown option '--nope'/ },
    { args: ['run', '--set', 'x'], says: /write key=value/ },
    { args: ['run', '--set', 'stages.jugde.mode=report'], says: /stages\.jugde: unknown key; did you mean judge\?/ },
    { args: ['run', 'nowhere.yaml'], says: /nowhere\.yaml cannot be read/ },
    { args: ['run', '--source', join(folder, 'nothing'), '--out', join(folder, 'o')], says: /Nothing to read/ },
    { args: ['run', '--source', 'ftp://x/y', '--out', join(folder, 'o')], says: /ftp/ }
  ]
  for (const { args, says } of cases) {
    const { code, err } = await gemline(args)
    t.equal(code, EXIT.usage, args.join(' '))
    t.match(err, says)
    t.notMatch(err, /\n {4}at /, 'no stack')
  }
})

t.test('run on the sample -> summary, shards that the schema accepts, a report; again -> nothing to do', async t => {
  const out = join(folder, 'sample')
  const first = await gemline(['run', '--out', out])
  t.equal(first.code, EXIT.ok)
  t.match(first.out, /accepted [1-9]\d+ .*the books balance/)
  t.match(first.out, /no language model/)
  t.match(first.out, /trajectory [0-9a-f]{32}/)
  const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as { splits: Array<{ data?: string }>, totals: { books: { accepted: number } } }
  const records = manifest.splits.flatMap(({ data }) => data === undefined ? [] : gunzipSync(readFileSync(join(out, data))).toString().trimEnd().split('\n').map(line => trajectoryRecordSchema.parse(JSON.parse(line))))
  t.equal(records.length, manifest.totals.books.accepted)
  for (const record of records) t.same(toOpenAi(fromOpenAi(record)), { messages: record.messages, tools: record.tools })
  t.ok(records.every(record => record.lineage.steps.every(step => step.author === 'rule-based' && step.trained !== true)))
  const again = await gemline(['run', '--out', out, '--json'])
  t.equal(again.code, EXIT.ok)
  const report = JSON.parse(again.out) as Record<string, unknown> & { paid: { calls: number } }
  t.same(Object.keys(report), ['version', 'pipeline', 'out', 'complete', 'splits', 'books', 'audit', 'data', 'usage', 'paid', 'journal', 'dedupKeys', 'notices', 'resultKeys', 'seconds'])
  t.equal(report.paid.calls, 0)
  const changed = await gemline(['run', '--out', out, '--set', 'stages.judge.mode=report'])
  t.equal(changed.code, EXIT.usage)
  t.match(changed.err, /stages\.judge\.mode: planned "drop", now "report"/)
})

t.test('JSON lines through standard streams -> accepted records alone on stdout, the rest in the rejects, books on stderr', async t => {
  const rejects = join(folder, 'rejects.jsonl')
  const lines = [JSON.stringify({ text: PROCEDURE }), 'no json', JSON.stringify({ text: 'The sea.' }), JSON.stringify({ text: PROCEDURE }), JSON.stringify([1])]
  const { code, out, err } = await gemline(['run', '--source', '-', '--sink', '-', '--rejects', rejects], { stdin: Readable.from([Buffer.from(lines.join('\n'))]) })
  t.equal(code, EXIT.ok)
  t.equal(out.trimEnd().split('\n').map(line => trajectoryRecordSchema.parse(JSON.parse(line))).length, 1)
  t.match(err, /at-least-once/)
  t.match(err, /the books balance/)
  const ended = readFileSync(rejects, 'utf8').trimEnd().split('\n').map(line => JSON.parse(line) as { stage: string, reason: string })
  t.same(ended.map(({ stage, reason }) => `${stage} ${reason}`).sort(), ['filter too-short', 'read record-invalid', 'read record-invalid', 'seen duplicate-text'])
})

t.test('with --state -> a second run delivers nothing again', async t => {
  const args = ['run', '--source', '-', '--sink', '-', '--state', join(folder, 'state'), '--quiet']
  const stdin = (): Readable => Readable.from([Buffer.from(JSON.stringify({ text: PROCEDURE }) + '\n')])
  t.equal((await gemline(args, { stdin: stdin() })).out.trimEnd().split('\n').length, 1)
  t.same(await gemline(args, { stdin: stdin() }), { code: EXIT.ok, out: '', err: '' })
})

t.test('a reader that closes the pipe -> quiet end, exit 0', async t => {
  const stdout = new Writable({ write (_chunk, _encoding, done) { done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })) } })
  stdout.on('error', () => {})
  const stdin = Readable.from(Array.from({ length: 40 }, (_, i) => Buffer.from(JSON.stringify({ text: `${PROCEDURE} Case ${i}.` }) + '\n')))
  const { code, err } = await gemline(['run', '--source', '-', '--sink', '-', '--quiet'], { stdin, stdout })
  t.equal(code, EXIT.ok)
  t.notMatch(err, /EPIPE|bug/)
})

t.test('a key in the config -> in no output, log or error', async t => {
  const canary = 'canary-51d0c9'
  const out = join(folder, 'secret')
  const models = `models.default={ name: m, preset: embedded, endpoints: ['http://127.0.0.1:9'], apiKey: ${canary} }`
  const said = await gemline(['plan', '--set', models, '--out', out])
  const doctor = await gemline(['doctor', '--set', models, '--out', out])
  t.notMatch(JSON.stringify([said, doctor]), canary)
})

t.test('standard input that breaks, or speaks in strings -> an end with exit 3, or lines as ever', async t => {
  const broken = Readable.from((async function * () { yield Buffer.from(JSON.stringify({ text: PROCEDURE }) + '\n'); throw new Error('the disk under the pipe is gone') })())
  const { code, err } = await gemline(['run', '--source', '-', '--sink', '-'], { stdin: broken })
  t.equal(code, EXIT.incomplete)
  t.match(err, /the disk under the pipe is gone/)
  t.equal((await gemline(['run', '--source', '-', '--sink', '-', '--quiet'], { stdin: Readable.from([JSON.stringify({ text: PROCEDURE })]) })).out.trimEnd().split('\n').length, 1)
})
