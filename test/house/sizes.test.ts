import t from 'tap'
import ts from 'typescript'
import { parseFile, readHouse, visit, type HouseFile } from './sources.js'

const MOST_LINES = 250
const MOST_LINES_OPERATOR = 120

/** Places of a kind in a file, as `path:line text`. */
type Check = (file: HouseFile) => readonly string[]

const tooLong: Check = ({ path, lines }) => {
  const most = path.startsWith('operators/') ? MOST_LINES_OPERATOR : MOST_LINES
  return lines > most ? [`${path} has ${lines} lines, ${most} are allowed`] : []
}

const usesAny: Check = file => {
  const found: string[] = []
  visit(file.syntax, node => { if (node.kind === ts.SyntaxKind.AnyKeyword) found.push(place(file, node, 'any')) })
  return found
}

/** The words are put together here so that this file does not find itself. */
const REMINDERS = new RegExp(`\\b(?:${['TO', 'FIX', 'X'].map((start, at) => start + ['DO', 'ME', 'XX'][at]).join('|')})\\b`)
/** `/home/me` is nobody's. */
const MACHINE_PATHS = new RegExp(`(?:${['/wo', '/ho', '/Us', '/ro'].map((start, at) => start + ['rk/', 'me/(?!me\\b)', 'ers/', 'ot/'][at]).join('|')}|[A-Z]:\\\\{1,2}Users)`)

const hasReminder: Check = file => findLines(file, REMINDERS)
const namesMachine: Check = file => findLines(file, MACHINE_PATHS)

/** Exported symbols without a doc comment. Values that only hand on others (`export … from`) need none. */
const withoutComment: Check = file => file.syntax.statements
  .filter((statement, at, all) => isExported(statement) && !hasDocComment(statement) && !isOverload(statement, all[at - 1]))
  .map(statement => place(file, statement, nameOf(statement)))

function isExported (statement: ts.Statement): boolean {
  return ts.canHaveModifiers(statement) && (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
}

/** The first of several forms of a function speaks for all. */
function isOverload (statement: ts.Statement, before: ts.Statement | undefined): boolean {
  return before !== undefined && ts.isFunctionDeclaration(statement) && ts.isFunctionDeclaration(before) && nameOf(statement) === nameOf(before)
}

function hasDocComment (statement: ts.Statement): boolean {
  return ts.getJSDocCommentsAndTags(statement).some(ts.isJSDoc)
}

function nameOf (statement: ts.Statement): string {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map(({ name }) => name.getText()).join(', ')
  return (statement as ts.Statement & { readonly name?: ts.Node }).name?.getText() ?? ''
}

function findLines (file: HouseFile, pattern: RegExp): readonly string[] {
  return file.text.split('\n').flatMap((line, at) => pattern.test(line) ? [`${file.path}:${at + 1} ${line.trim()}`] : [])
}

function place (file: HouseFile, node: ts.Node, what: string): string {
  return `${file.path}:${file.syntax.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${what}`
}

const HOUSE = ['lib', 'operators', 'connectors'] as const

const CHECKS: ReadonlyArray<{ readonly title: string, readonly check: Check, readonly folders: readonly string[] }> = [
  { title: `files -> at most ${MOST_LINES} lines, operators ${MOST_LINES_OPERATOR}`, check: tooLong, folders: [...HOUSE, 'bench'] },
  { title: 'types -> no any', check: usesAny, folders: [...HOUSE, 'bench'] },
  { title: 'lines -> no reminders of unfinished work', check: hasReminder, folders: [...HOUSE, 'bench', 'examples', 'test'] },
  { title: 'lines -> no path of the machine they were written on', check: namesMachine, folders: [...HOUSE, 'bench', 'examples', 'test'] },
  { title: 'exported symbols -> each has a doc comment', check: withoutComment, folders: HOUSE }
]

for (const { title, check, folders } of CHECKS) {
  t.test(title, async t => {
    const files = await readHouse(...folders)
    t.ok(files.length > 0, 'the files were found')
    t.strictSame(files.flatMap(check), [])
  })
}

t.test('checks -> find what they are for, and nothing else', async t => {
  const long = (lines: number): string => 'x\n'.repeat(lines)
  const cases = [
    { check: tooLong, path: 'lib/x.ts', text: long(250), found: [] },
    { check: tooLong, path: 'lib/x.ts', text: long(251), found: ['lib/x.ts has 251 lines, 250 are allowed'] },
    { check: tooLong, path: 'operators/x.ts', text: long(121), found: ['operators/x.ts has 121 lines, 120 are allowed'] },
    { check: usesAny, path: 'lib/x.ts', text: 'const any = 1 // any\nconst a: Record<string, any> = { any }', found: ['lib/x.ts:2 any'] },
    { check: usesAny, path: 'lib/x.ts', text: 'const a = b as any', found: ['lib/x.ts:1 any'] },
    { check: hasReminder, path: 'lib/x.ts', text: `// ${'TO'}DO: more\n// todos are fine`, found: [`lib/x.ts:1 // ${'TO'}DO: more`] },
    { check: namesMachine, path: 'lib/x.ts', text: `const a = '/ho${'me'}/someone'\nconst b = '/homework'`, found: [`lib/x.ts:1 const a = '/ho${'me'}/someone'`] },
    { check: withoutComment, path: 'lib/x.ts', text: 'export const a = 1\n/** B. */\nexport const b = 2\nconst c = 3', found: ['lib/x.ts:1 a'] },
    { check: withoutComment, path: 'lib/x.ts', text: '// no doc comment\nexport interface A {}\nexport function f (): void {}', found: ['lib/x.ts:2 A', 'lib/x.ts:3 f'] },
    { check: withoutComment, path: 'lib/x.ts', text: '/** A. */\nexport const aSchema = z.string()\nexport type A = z.infer<typeof aSchema>', found: ['lib/x.ts:3 A'] },
    { check: withoutComment, path: 'lib/x.ts', text: '/** F. */\nexport function f (a: string): void\nexport function f (a: unknown): void {}', found: [] },
    { check: withoutComment, path: 'lib/x.ts', text: "export { a } from './a.js'\nexport * from './b.js'", found: [] }
  ]
  for (const { check, path, text, found } of cases) t.strictSame(check(parseFile(path, text)), found, text.slice(0, 60))
})
