/**
 * Catches documents that lag behind the code: keys, commands, codes, operators, rules, prompts, fields, links. It cannot
 * catch a sentence that is no longer true.
 */
import { existsSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { configRows, findCommands, MADE_PARTS, putPart } from '../../.ci/make-docs.js'
import { RECORD_CHECKS } from '../../lib/app/check-record.js'
import { COMMANDS } from '../../lib/app/commands/index.js'
import { configSchema } from '../../lib/app/config-schema.js'
import { EXIT } from '../../lib/app/exit-codes.js'
import { walkSchema } from '../../lib/app/schema-walk.js'
import { ERROR_RULES } from '../../lib/engine/errors.js'
import { OBSTACLES } from '../../lib/formats/index.js'
import { loadPrompts } from '../../lib/prompt/index.js'
import { RULES } from '../../lib/rules/index.js'
import { trajectoryRecordSchema } from '../../lib/schema/trajectory-record.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8')

/** Cells of the rows of the table below a heading, without head and rule. */
function rowsBelow (text: string, heading: string): string[][] {
  const from = text.indexOf(`\n${heading}\n`)
  if (from < 0) throw new Error(`there is no heading ${heading}`)
  const lines = text.slice(from + heading.length + 2).split('\n')
  const start = lines.findIndex(line => line.startsWith('|'))
  const length = lines.slice(start).findIndex(line => !line.startsWith('|'))
  return lines.slice(start + 2, length < 0 ? undefined : start + length).map(cellsOf)
}

function cellsOf (line: string): string[] {
  return line.slice(1, -1).split(/(?<!\\)\|/).map(cell => cell.trim().replaceAll('\\|', '|'))
}

const plain = (cell = ''): string => cell.replaceAll('`', '')

async function markdownFiles (): Promise<readonly string[]> {
  const below = async (folder: string): Promise<string[]> => (await readdir(join(ROOT, folder), { recursive: true }))
    .map(name => `${folder}/${name.replaceAll('\\', '/')}`).filter(name => name.endsWith('.md'))
  return ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', ...await below('docs'), ...(await below('examples')).filter(name => name.endsWith('README.md'))]
}

t.test('made parts -> say what the code says (else run: npx tsx .ci/make-docs.ts)', async t => {
  for (const part of MADE_PARTS) {
    const text = await read(part.file)
    t.equal(await putPart(text, part), text, `${part.file}: ${part.name}`)
  }
})

t.test('config keys -> each in one row, described, and marked as result or running', async t => {
  const paths = configRows().flatMap(row => row.paths)
  t.strictSame([...paths].sort(), [...walkSchema(configSchema)].map(key => key.path).sort())
  t.strictSame(configRows().filter(({ key }) => key.description === '' || key.change === undefined), [])
})

t.test('commands -> each is registered, in a row of the README, and in docs/commands.md', async t => {
  const names = (await findCommands()).map(({ name }) => name)
  t.strictSame(COMMANDS.map(({ name }) => name).sort(), names)
  t.strictSame(rowsBelow(await read('README.md'), '## Commands').map(([usage]) => plain(usage).split(' ')[1]).sort(), names)
  t.strictSame([...(await read('docs/commands.md')).matchAll(/^### gemline (\w+)$/gm)].map(([, name]) => name), names)
})

t.test('error codes -> docs/errors.md lists exactly these, with scope and retry', async t => {
  const rows = rowsBelow(await read('docs/errors.md'), '## Codes').map(([code, scope, retry]) => [plain(code), scope, retry])
  t.strictSame(rows, Object.entries(ERROR_RULES).map(([code, { scope, retry }]) => [code, scope, retry]))
})

t.test('exit codes -> docs/commands.md lists exactly these', async t => {
  const rows = rowsBelow(await read('docs/commands.md'), '## Exit codes').map(([code]) => Number(plain(code)))
  t.strictSame(rows, Object.values(EXIT))
})

/** Reasons and codes that the comment above an exported function names after `Drops` and `Rejects`. */
function endsOf (source: string, name: string): readonly string[] {
  const [before = ''] = source.split(new RegExp(`\\nexport (?:async )?function ${name} `))
  const comment = before.slice(before.lastIndexOf('/**')).replace(/\n \* ?/g, ' ')
  const told = comment.slice(Math.max(0, comment.search(/\bDrops\b/)))
  return [...told.matchAll(/`([a-z][a-z0-9-]*)`/g)].map(([, reason = '']) => reason)
}

t.test('operators -> README and docs/operators.md list exactly these, with every reason their comments name', async t => {
  const operators = (await readdir(join(ROOT, 'operators'))).map(file => file.replace('.ts', '')).filter(name => name !== 'index').sort()
  const readme = rowsBelow(await read('README.md'), '## Operators')
  const page = await read('docs/operators.md')
  t.strictSame(readme.map(([name]) => plain(name)).sort(), operators)
  t.strictSame([...page.matchAll(/^## (\w+)$/gm)].map(([, name]) => name).filter(name => name !== 'Rules').sort(), operators)
  const asked = endsOf(await read('lib/model/ask.ts'), 'ask')
  t.strictSame(asked.slice(0, 2), ['too-long', 'answer-too-long'])
  for (const name of operators) {
    const reasons = endsOf(await read(`operators/${name}.ts`), name).flatMap(reason => reason === 'ask' ? asked : [reason])
    const row = readme.find(([cell]) => plain(cell) === name)?.join(' ') ?? ''
    const [, section = ''] = page.split(new RegExp(`^## ${name}$`, 'm'))
    const [mine = ''] = section.split(/^## /m)
    for (const reason of reasons) {
      t.ok(row.includes(`\`${reason}\``), `README names ${reason} for ${name}`)
      t.ok(mine.includes(`\`${reason}\``), `docs/operators.md names ${reason} for ${name}`)
    }
  }
})

t.test('rules of validate -> docs/operators.md lists exactly these, in order, with their modes', async t => {
  const rows = rowsBelow(await read('docs/operators.md'), '## Rules').map(([name, mode]) => [plain(name), mode])
  t.strictSame(rows, RULES.map(({ name, mode }) => [name, mode]))
})

t.test('prompts -> docs/prompts.md lists exactly these, with their variables', async t => {
  const rows = rowsBelow(await read('docs/prompts.md'), '## The prompts').map(([name, , variables]) => [plain(name), plain(variables)])
  const prompts = [...await loadPrompts()].map(([name, { variables }]) => [name, variables.join(', ')])
  t.strictSame(rows.sort(), prompts.sort())
})

t.test('fields of a record -> docs/formats.md lists exactly these', async t => {
  const rows = rowsBelow(await read('docs/formats.md'), '## A trajectory record').map(([name]) => plain(name))
  t.strictSame(rows, Object.keys(trajectoryRecordSchema.shape))
})

t.test('entries of the package -> every gemline/… that a document imports is exported', async t => {
  const { exports } = JSON.parse(await read('package.json')) as { readonly exports: Readonly<Record<string, unknown>> }
  for (const file of await markdownFiles()) {
    for (const [, entry = ''] of (await read(file)).matchAll(/'gemline(\/[\w-]+)?'/g)) t.ok(`.${entry}` in exports, `${file}: gemline${entry}`)
  }
})

t.test('links -> every relative one leads to a file, and to a heading in it', async t => {
  for (const file of await markdownFiles()) {
    const text = (await read(file)).replace(/^```[\s\S]*?^```/gm, '')
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue
      const [path = '', anchor] = target.split('#')
      const to = path === '' ? file : join(dirname(file), path)
      t.ok(existsSync(join(ROOT, to)), `${file}: ${target}`)
      if (anchor !== undefined && to.endsWith('.md')) t.ok(headingsOf(await read(to)).includes(anchor), `${file}: ${target} is a heading`)
    }
  }
})

function headingsOf (text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'))
}

t.test('documents -> name no path of the machine they were written on', async t => {
  const machine = new RegExp(['/wo', '/ro', '/Us'].map((start, at) => start + ['rk/', 'ot/', 'ers/'][at]).join('|'))
  for (const file of await markdownFiles()) t.notMatch(await read(file), machine, file)
})

t.test('traps of the trainers -> docs/export.md has a row for each check of the Python suite', async t => {
  const checks = [...(await read('test/python/export/traps.py')).matchAll(/yield "([\w-]+)"/g)].map(([, name]) => name)
  t.strictSame(rowsBelow(await read('docs/export.md'), '## Traps').map(([name]) => plain(name)), checks)
})

t.test('reasons of export -> docs/export.md lists each', async t => {
  const listed = rowsBelow(await read('docs/export.md'), '## What is left out').flatMap(([names = '']) => plain(names).split(', '))
  t.strictSame(OBSTACLES.filter(name => !listed.includes(name)), [])
  t.strictSame(RECORD_CHECKS.filter(name => name !== 'record-stats' && !listed.includes(name)), [])
})
