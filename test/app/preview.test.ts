import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import t from 'tap'
import { previewCommand } from '../../lib/app/commands/preview.js'
import { formatPreview } from '../../lib/app/terminal/format-preview.js'
import { widthOf } from '../../lib/app/terminal/width.js'
import { settleAtOnce } from '../../lib/engine/envelope.js'
import { trajectoryRecordSchema } from '../../lib/schema/trajectory-record.js'
import { DOOR_TRAJECTORY } from '../support/fake-trajectory.js'
import { startMisbehavingServer } from '../support/misbehaving-server.js'
import { DOCUMENTS, embeddedConfig, runInMemory, temporaryFolder } from './in-memory.js'

interface Shown { readonly id: string, readonly text: string | null, readonly accepted: unknown[], readonly ended: Array<{ stage: string, reason: string, kind: string }> }

const COLUMNS = ['source.columns', { text: 'content' }] as const
const parseLines = (out: string): Shown[] => out.trimEnd().split('\n').map(line => JSON.parse(line) as Shown)

async function documentsFile (t: Parameters<typeof temporaryFolder>[0], lines = DOCUMENTS.map(content => JSON.stringify({ content }))): Promise<{ folder: string, file: string }> {
  const folder = await temporaryFolder(t)
  const file = join(folder, 'docs.jsonl')
  await writeFile(file, lines.join('\n'))
  return { folder, file }
}

t.test('the first documents, both pipelines -> one object each, records valid, nothing written', async t => {
  const { folder, file } = await documentsFile(t)
  for (const pipeline of ['synthesizer', 'teacher']) {
    const set = embeddedConfig(file, join(folder, 'out'), [COLUMNS, ['pipeline', pipeline]])
    const { code, out } = await runInMemory(previewCommand, { options: { count: '2', json: true }, set })
    const shown = parseLines(out)
    t.equal(code, 0)
    t.strictSame(shown.map(({ text }) => text), DOCUMENTS.slice(0, 2), 'in reading order')
    t.strictSame(shown.map(({ accepted, ended }) => [accepted.length, ended.map(({ kind, stage }) => [kind, stage])]), [[1, []], [0, [['drop', 'filter']]]], pipeline)
    t.ok(trajectoryRecordSchema.safeParse(shown[0]?.accepted[0]).success, 'as it would be written')
  }
  t.strictSame(await readdir(folder), ['docs.jsonl'])
})

t.test('fewer documents than asked for, standard input, a row that is none -> all of them, and why', async t => {
  const lines = [JSON.stringify({ content: DOCUMENTS[0] }), 'no JSON', JSON.stringify({ content: DOCUMENTS[2] })]
  const stdin = Readable.from([Buffer.from(lines.join('\n'))])
  const { out } = await runInMemory(previewCommand, { options: { json: true }, set: embeddedConfig('-', '-', [COLUMNS]), stdin })
  t.strictSame(parseLines(out).map(({ accepted, ended }) => accepted.length || ended[0]?.reason), [1, 'record-invalid', 1])
})

t.test('for people -> text, labels, tools, turns by role, verdict, counts; rule-based said', async t => {
  const { folder, file } = await documentsFile(t)
  const set = embeddedConfig(file, join(folder, 'out'), [COLUMNS])
  const { out } = await runInMemory(previewCommand, { options: { count: '2' }, set, columns: 70 })
  for (const part of [/^── corpus\/docs\.jsonl row 0/m, /^text {7}How to return/m, /^labels {5}\w/m, /^tools {6}\w+\(/m, /^user {7}/m, /^assistant {2}/m, /→ \w+\(\{/, /^tool {7}/m, /^verdict {4}R1 1, R2 1, R3 1$/m, /^findings/m, /^grounding/m, /Written by rules, not by a language model/, /^dropped \w+ by filter: no-steps$/m]) t.match(out, part)
  t.notOk(out.includes('\u001b'))
  t.strictSame(out.split('\n').filter(line => widthOf(line) > 70), [])
  const colourful = await runInMemory(previewCommand, { options: { count: '1' }, set, color: true })
  t.match(colourful.out, '\u001b[32muser       \u001b[39m')
})

t.test('an answer that cannot be used -> rejected, with what the model wrote', async t => {
  const server = await startMisbehavingServer(() => ({ kind: 'answer', text: 'Sorry, \u001b[31mI cannot\u202e.' }))
  t.teardown(() => server.close())
  const { folder, file } = await documentsFile(t)
  const set = [...embeddedConfig(file, join(folder, 'out'), [COLUMNS, ['stages.judge.enabled', false]]), ['models.default', { name: 'm', maxModelLength: 8192, endpoints: [server.url] }] as const]
  const { out } = await runInMemory(previewCommand, { options: { count: '1' }, set })
  t.match(out, /^rejected \w+ by filter: answer-malformed$/m)
  t.match(out, 'answer     filter: Sorry, \\u{1b}[31mI cannot\\u{202e}.')
})

t.test('hostile titles, names and answers -> shown, never obeyed', async t => {
  const bad = '\u001b]0;x\u0007\u202e\u200b'
  const [tool] = DOOR_TRAJECTORY.tools
  const messages = DOOR_TRAJECTORY.messages.map(message => ({ ...message, content: message.content + bad }))
  const base = settleAtOnce({ id: `i${bad}`, sequence: 0, split: 's', origin: { source: `c${bad}`, path: `p${bad}`, rowGroup: 2, row: 1 }, key: 'k' },
    { stage: `s${bad}`, kind: 'reject', reason: `r${bad}`, message: bad, detail: { bad } })
  const document = { text: `t${bad}`, textKey: 'k', title: `T${bad}` }
  const trajectory = { tools: [{ ...tool, name: `n${bad}`, description: bad, parameters: { properties: { [bad]: {} }, required: 'no list' } }], messages }
  const settlement = { ...base, accepted: [{ id: `a${bad}`, value: { document, trajectory, findings: { [bad]: 1 } }, trail: [] }] }
  for (const full of [false, true]) {
    const shown = formatPreview({ document, settlement }, { color: false, columns: 100, full })
    t.notMatch(shown, /[^\P{C}\n]/u)
    t.match(shown, 'T\\u{1b}]0;x\\u{7}\\u{202e}\\u{200b}')
    t.match(shown, 'row 1 of row group 2')
  }
})

t.test('a source that is not there, a count that is none -> refused by name', async t => {
  const { folder } = await documentsFile(t)
  await t.rejects(runInMemory(previewCommand, { set: embeddedConfig(join(folder, 'gone.jsonl'), join(folder, 'out')) }), { code: 'source-missing' })
  await t.rejects(runInMemory(previewCommand, { options: { count: '0' } }), { code: 'config-invalid', message: /--count/ })
  await t.rejects(runInMemory(previewCommand, { options: { count: '1.5' } }), { code: 'config-invalid', message: /--count: write a whole number/ })
})

t.test('servers that are down -> said, waited for, and ended by the signal', async t => {
  const { folder, file } = await documentsFile(t)
  const dead = await startMisbehavingServer(() => ({ kind: 'stall' }))
  await dead.close()
  const set = [...embeddedConfig(file, join(folder, 'out'), [COLUMNS]), ['models.default', { name: 'm', maxModelLength: 8192, endpoints: [dead.url] }] as const]
  const controller = new AbortController()
  const heard: string[] = []
  const running = runInMemory(previewCommand, { set, signal: controller.signal, onErr: err => { heard.push(err); controller.abort() } })
  await t.rejects(running, { code: 'run-cancelled' })
  t.match(heard[0], /all servers of m are down: the preview waits/)
})

t.test('a stopped preview -> run-cancelled', async t => {
  const { folder, file } = await documentsFile(t)
  const set = embeddedConfig(file, join(folder, 'out'), [COLUMNS])
  await t.rejects(runInMemory(previewCommand, { set, signal: AbortSignal.abort() }), { code: 'run-cancelled' })
})
