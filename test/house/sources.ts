import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** A file of ours, parsed. */
export interface HouseFile {
  /** Below the root of the repository, with `/`. */
  readonly path: string
  readonly text: string
  readonly lines: number
  readonly syntax: ts.SourceFile
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Every TypeScript file below these folders of the repository, in order of the path. */
export async function readHouse (...folders: readonly string[]): Promise<readonly HouseFile[]> {
  const paths = (await Promise.all(folders.map(listFolder))).flat().sort()
  return await Promise.all(paths.map(async path => parseFile(path, await readFile(`${ROOT}${path}`, 'utf8'))))
}

/** A file of ours from its text; the tests of the checks themselves use it with invented ones. */
export function parseFile (path: string, text: string): HouseFile {
  const syntax = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true)
  return { path, text, lines: text.trimEnd().split('\n').length, syntax }
}

/** Calls back for a node and everything below it. */
export function visit (node: ts.Node, found: (node: ts.Node) => void): void {
  found(node)
  ts.forEachChild(node, child => visit(child, found))
}

/** What a file imports: paths of files of ours below the root, names of packages, `node:` names. Imports at run time and of types alike. */
export function importsOf (file: HouseFile): readonly string[] {
  const found: string[] = []
  visit(file.syntax, node => {
    const name = importedName(node)
    if (name !== undefined) found.push(name.startsWith('.') ? resolve(file.path, name) : name)
  })
  return found
}

function importedName (node: ts.Node): string | undefined {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined) return textOf(node.moduleSpecifier)
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return textOf(node.argument.literal)
  if (!ts.isCallExpression(node)) return undefined
  const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword
  const isRequire = ts.isCallExpression(node.expression) && node.expression.expression.getText() === 'createRequire'
  return isImport || isRequire ? textOf(node.arguments[0]) : undefined
}

function textOf (node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined
}

function resolve (from: string, relative: string): string {
  return new URL(relative, `file:///${from}`).pathname.slice(1)
}

async function listFolder (folder: string): Promise<readonly string[]> {
  const names = await readdir(`${ROOT}${folder}`, { recursive: true })
  return names.filter(name => name.endsWith('.ts')).map(name => `${folder}/${name.replaceAll('\\', '/')}`)
}
