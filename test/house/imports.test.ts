import t from 'tap'
import { importsOf, parseFile, readHouse, type HouseFile } from './sources.js'

interface Part { readonly name: string, readonly holds: RegExp, readonly mayImport: readonly string[] }

/** Parts of the house and what each may import of ours, beside itself. The table of the architecture, read by machine. */
const PARTS: readonly Part[] = [
  { name: 'engine', holds: /^lib\/engine\//, mayImport: [] },
  { name: 'schema', holds: /^lib\/schema\//, mayImport: ['engine'] },
  { name: 'model', holds: /^lib\/model\//, mayImport: ['engine', 'schema'] },
  { name: 'prompt', holds: /^lib\/prompt\//, mayImport: ['engine', 'schema'] },
  { name: 'dedup', holds: /^lib\/dedup\//, mayImport: ['engine', 'schema'] },
  { name: 'text', holds: /^lib\/text\//, mayImport: [] },
  { name: 'rules', holds: /^lib\/rules\//, mayImport: ['engine', 'schema', 'text'] },
  { name: 'run', holds: /^lib\/run\//, mayImport: ['engine', 'schema', 'dedup'] },
  { name: 'operators', holds: /^operators\//, mayImport: ['engine', 'schema', 'model', 'prompt', 'rules'] },
  { name: 'embedded', holds: /^connectors\/embedded-vllm\//, mayImport: ['engine', 'schema', 'model'] },
  // The door of the folder: names of all connectors, the embedded server among them.
  { name: 'connectors-door', holds: /^connectors\/index\.ts$/, mayImport: ['connectors', 'embedded'] },
  { name: 'connectors', holds: /^connectors\//, mayImport: ['engine', 'schema', 'model'] },
  {
    name: 'app', holds: /^lib\/app\//,
    mayImport: ['engine', 'schema', 'model', 'prompt', 'dedup', 'rules', 'run', 'operators', 'connectors', 'connectors-door', 'embedded']
  },
  // The door of the package: names of all parts but the app's own.
  {
    name: 'door', holds: /^lib\/[\w-]+\.ts$/,
    mayImport: ['engine', 'schema', 'model', 'prompt', 'dedup', 'rules', 'run', 'operators', 'connectors', 'connectors-door', 'embedded', 'app']
  }
]

/** Packages of weight and the files that may import them. A package that is not here may not be imported at all. */
const PACKAGES: ReadonlyArray<{ readonly name: RegExp, readonly files: RegExp }> = [
  { name: /^node:/, files: /./ },
  { name: /^zod$/, files: /./ },
  { name: /^@datastructures-js\/heap$/, files: /^lib\/(?:engine|model|run)\// },
  { name: /^highland$/, files: /^lib\/engine\/interop\.ts$/ },
  { name: /^undici$/, files: /^connectors\/(?:http-|vllm-http|undici-handler)/ },
  { name: /^hyparquet(?:\/src\/[\w-]+\.js)?$/, files: /^connectors\/parquet-(?:source|column|page|footer|codecs)\.ts$/ },
  { name: /^hyparquet-compressors$/, files: /^connectors\/parquet-(?:codecs|sink|encoders)\.ts$/ },
  { name: /^hyparquet-writer$/, files: /^connectors\/parquet-(?:sink|encoders)\.ts$/ },
  { name: /^parquetjs-lite$/, files: /^connectors\/parquet-(?:sink|encoders)\.ts$/ },
  { name: /^zstddec(?:\/stream)?$/, files: /^connectors\/zstd\.ts$/ },
  { name: /^@aws-sdk\/client-s3$/, files: /^connectors\/s3-[\w-]+\.ts$/ },
  { name: /^csv-parse(?:\/sync)?$/, files: /^connectors\/csv-[\w-]+\.ts$/ },
  { name: /^tiktoken$/, files: /^lib\/model\/tokens\.ts$/ },
  { name: /^(?:jsonrepair|secure-json-parse)$/, files: /^lib\/model\/parse\// },
  { name: /^ajv(?:\/.+)?$/, files: /^lib\/(?:rules|model\/parse)\// },
  { name: /^re2js$/, files: /^lib\/rules\/linear-pattern\.ts$/ },
  { name: /^yaml$/, files: /^lib\/(?:prompt\/front-matter|app\/[\w-]*config[\w-]*)\.ts$/ },
  { name: /^(?:cli-progress|commander|pino)$/, files: /^lib\/app\// }
]

const partOf = (path: string): Part | undefined => PARTS.find(part => part.holds.test(path))

/** Every import that the table of parts does not allow, as `file -> imported`. */
function findStrangers (files: readonly HouseFile[]): readonly string[] {
  return files.flatMap(file => importsOf(file).filter(name => !mayImport(file.path, name)).map(name => `${file.path} -> ${name}`))
}

function mayImport (from: string, name: string): boolean {
  if (!name.endsWith('.js') || !/^(?:lib|operators|connectors|bench|test|examples)\//.test(name)) {
    return PACKAGES.some(entry => entry.name.test(name) && entry.files.test(from))
  }
  const here = partOf(from)
  const there = partOf(name.replace(/\.js$/, '.ts'))
  if (here === undefined || there === undefined) return false
  if (here === there) return here.name !== 'operators' || from === 'operators/index.ts'
  // A connector may not know the embedded server, nor the server a connector: they meet on the wire.
  return here.mayImport.includes(there.name)
}

t.test('lib, operators, connectors -> each imports only what the table allows', async t => {
  const files = await readHouse('lib', 'operators', 'connectors')
  t.ok(files.length > 100, 'the files were found')
  t.strictSame(findStrangers(files), [])
})

t.test('every file of lib, operators, connectors -> belongs to a part', async t => {
  const files = await readHouse('lib', 'operators', 'connectors')
  t.strictSame(files.map(file => file.path).filter(path => partOf(path) === undefined), [])
})

t.test('the author of the embedded server -> knows nothing of its clock and its HTTP, nor they of how it writes', async t => {
  const files = await readHouse('connectors/embedded-vllm')
  const crossing = files.flatMap(file => importsOf(file).map(name => ({ from: file.path, name }))).filter(({ from, name }) => {
    if (from.includes('/author/')) return /embedded-vllm\/(?:server|clock)\//.test(name)
    if (from.includes('/clock/')) return /embedded-vllm\/(?:server|author)\//.test(name)
    return from.includes('/server/') && /embedded-vllm\/author\/(?!port\.js)/.test(name)
  })
  t.strictSame(crossing, [])
})

t.test('import lines -> found in every form, allowed or refused', async t => {
  const cases = [
    { path: 'lib/engine/x.ts', text: "import { z } from '../schema/document.js'", refused: ['lib/schema/document.js'] },
    { path: 'lib/engine/x.ts', text: "import type { A } from './y.js'", refused: [] },
    { path: 'lib/schema/x.ts', text: "import type { Fact } from '../engine/envelope.js'", refused: [] },
    { path: 'lib/model/x.ts', text: "import {\n  a,\n  b\n} from '../run/plan.js'", refused: ['lib/run/plan.js'] },
    { path: 'lib/model/x.ts', text: "export * from '../app/main.js'", refused: ['lib/app/main.js'] },
    { path: 'lib/rules/x.ts', text: "const a = await import('../model/ask.js')", refused: ['lib/model/ask.js'] },
    { path: 'lib/rules/x.ts', text: "type A = import('../model/ask.js').A", refused: ['lib/model/ask.js'] },
    { path: 'operators/x.ts', text: "import { a } from './filter.js'", refused: ['operators/filter.js'] },
    { path: 'operators/index.ts', text: "export * from './filter.js'", refused: [] },
    { path: 'operators/x.ts', text: "import { a } from '../connectors/csv-source.js'", refused: ['connectors/csv-source.js'] },
    { path: 'connectors/x.ts', text: "import { a } from '../operators/filter.js'", refused: ['operators/filter.js'] },
    { path: 'connectors/x.ts', text: "import { a } from '../lib/dedup/members.js'", refused: ['lib/dedup/members.js'] },
    { path: 'connectors/x.ts', text: "import { a } from './embedded-vllm/index.js'", refused: ['connectors/embedded-vllm/index.js'] },
    { path: 'connectors/index.ts', text: "export * from './embedded-vllm/index.js'", refused: [] },
    { path: 'lib/app/x.ts', text: "import { a } from '../../connectors/embedded-vllm/index.js'", refused: [] },
    { path: 'lib/model/x.ts', text: "import { a } from '../../test/support/memory-store.js'", refused: ['test/support/memory-store.js'] },
    { path: 'operators/x.ts', text: "import { request } from 'undici'", refused: ['undici'] },
    { path: 'lib/run/x.ts', text: "import _ from 'highland'", refused: ['highland'] },
    { path: 'lib/run/x.ts', text: "const h = createRequire(import.meta.url)('highland')", refused: ['highland'] },
    { path: 'lib/run/x.ts', text: "import _ from 'lodash'", refused: ['lodash'] },
    { path: 'lib/run/x.ts', text: "import { join } from 'node:path'\n// import { a } from 'undici'", refused: [] }
  ]
  for (const { path, text, refused } of cases) {
    t.strictSame(findStrangers([parseFile(path, text)]), refused.map(name => `${path} -> ${name}`), `${path}: ${text}`)
  }
})
