import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync, copyFileSync, chmodSync, mkdtempSync, truncateSync, statSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import t from 'tap'
import type { Appender, WritableStore } from '../../lib/engine/connector.js'
import { createFileStore } from '../../connectors/file-store.js'
import { compareBytes } from '../../connectors/store-support.js'
import { bytesOf, fillStore, testWritableStore, toList } from '../support/store-conformance.js'

let roots = 0
const top = t.testdir({})
const NOBODY = 65_534
const newRoot = (): string => join(top, `root-${roots++}`)

async function append (store: WritableStore, path: string): Promise<Appender> {
  if (store.append === undefined) throw new Error('a disk can append')
  return await store.append(path)
}

testWritableStore(t, 'file-store', async (_t, objects) => {
  const store = createFileStore(newRoot())
  await fillStore(store, objects)
  return store
})

t.test('root as path, url, relative -> one url without a trailing slash', async t => {
  const root = newRoot()
  t.equal(createFileStore(root).url, pathToFileURL(root).href)
  t.equal(createFileStore(pathToFileURL(root)).url, pathToFileURL(root).href)
  t.equal(createFileStore(`${root}/`).url, pathToFileURL(root).href)
})

t.test('a folder that is not there -> lists nothing, and is made by the first write', async t => {
  const root = newRoot()
  const store = createFileStore(join(root, 'deep/er'))
  t.same(await toList(store, ''), [])
  t.equal(existsSync(root), false)
  await store.create('a/b/c', bytesOf('x'))
  t.equal(readFileSync(join(root, 'deep/er/a/b/c'), 'utf8'), 'x')
})

t.test('a copy of a large file -> the same etag; another tail or length -> another', async t => {
  const root = newRoot()
  mkdirSync(root)
  writeFileSync(join(root, 'one'), randomBytes(200_000))
  copyFileSync(join(root, 'one'), join(root, 'copy'))
  copyFileSync(join(root, 'one'), join(root, 'tail'))
  writeFileSync(join(root, 'tail'), 'changed', { flag: 'r+', encoding: 'utf8' })
  copyFileSync(join(root, 'one'), join(root, 'short'))
  truncateSync(join(root, 'short'), 199_999)
  const content = readFileSync(join(root, 'one'))
  content.write('changed', 150_000)
  writeFileSync(join(root, 'end'), content)
  const etags = Object.fromEntries((await toList(createFileStore(root), '')).map(({ path, etag }) => [path, etag]))
  t.equal(etags.copy, etags.one)
  t.equal(etags.tail, etags.one, 'what lies before the last 64 KiB is not looked at')
  t.not(etags.short, etags.one)
  t.not(etags.end, etags.one)
})

t.test('unfinished files -> never listed, whatever became of their writer', async t => {
  const root = newRoot()
  const store = createFileStore(root)
  const writer = await store.open('data/shard')
  await writer.write(bytesOf('half'))
  t.equal(readdirSync(join(root, 'data')).length, 1)
  t.same(await toList(store, ''), [])
  await writer.abort()
  t.same(readdirSync(join(root, 'data')), [])
  await t.rejects(store.put('data/.gemline-0123456789abcdef.tmp', bytesOf('x')), { code: 'store-failed', message: /unfinished/ })
})

t.test('links that lead out -> read through, never written through', async t => {
  const root = newRoot()
  const outside = mkdtempSync(join(top, 'outside-'))
  mkdirSync(root)
  writeFileSync(join(outside, 'there'), 'outside')
  symlinkSync(outside, join(root, 'out'))
  symlinkSync(join(outside, 'there'), join(root, 'file'))
  const store = createFileStore(root)
  t.equal(Buffer.from(await store.read('out/there')).toString(), 'outside')
  t.same((await toList(store, '')).map(({ path }) => path), ['file', 'out/there'])
  for (const path of ['out/new', 'out/deep/new', 'out/there']) {
    await t.rejects(store.create(path, bytesOf('x')), { code: 'store-failed', message: /link leads out/ })
    await t.rejects(store.put(path, bytesOf('x')), { code: 'store-failed' })
    await t.rejects(store.open(path), { code: 'store-failed' })
    await t.rejects(append(store, path), { code: 'store-failed' })
  }
  await t.rejects(store.remove('out/there'), { code: 'store-failed' })
  await t.rejects(append(store, 'file'), { code: 'store-failed' }, 'nor through a link in the last place')
  await store.put('file', bytesOf('inside'))
  t.equal(readFileSync(join(outside, 'there'), 'utf8'), 'outside', 'put replaces the link itself')
  t.same(readdirSync(outside), ['there'])
})

t.test('links inside, in circles and to nothing -> listed once, or left out', async t => {
  const root = newRoot()
  mkdirSync(join(root, 'a/b'), { recursive: true })
  writeFileSync(join(root, 'a/b/c'), 'x')
  symlinkSync(root, join(root, 'a/b/circle'))
  symlinkSync(join(root, 'nothing'), join(root, 'broken'))
  symlinkSync('circular', join(root, 'circular'))
  const store = createFileStore(root)
  symlinkSync(join(root, 'a'), join(root, 'twin'))
  t.same(await toList(store, 'c'), [])
  t.same((await toList(store, 'a')).map(({ path }) => path), ['a/b/c'])
  t.same((await toList(store, 'twin')).map(({ path }) => path), ['twin/b/c'])
  t.same(await toList(store, 'broken'), [])
})

t.test('append -> each reaches the kernel in order, and a second opening goes on', async t => {
  const root = newRoot()
  const store = createFileStore(root)
  const appender = await append(store, 'journal/one')
  await Promise.all(Array.from({ length: 50 }, (_, n) => appender.append(bytesOf(`${n}\n`))))
  const expected = Array.from({ length: 50 }, (_, n) => `${n}\n`).join('')
  t.equal(readFileSync(join(root, 'journal/one'), 'utf8'), expected, 'visible before sync and close')
  await appender.sync()
  await appender.close()
  const again = await append(store, 'journal/one')
  await again.append(bytesOf('more'))
  await again.close()
  t.equal(readFileSync(join(root, 'journal/one'), 'utf8'), `${expected}more`)
})

t.test('a disk that is full -> store-failed that names the file and says so', { skip: existsSync('/dev/full') ? false : 'no /dev/full' }, async t => {
  const { openAppender } = await import('../../connectors/file-writer.js')
  const appender = await openAppender('/dev/full')
  const failure = { code: 'store-failed', message: 'cannot write /dev/full: the disk is full (ENOSPC)' }
  await t.rejects(appender.append(bytesOf('x')), failure)
  await t.rejects(appender.append(bytesOf('y')), failure, 'and stays failed: half a record may lie there')
  await appender.close()
})

t.test('a folder where a file should be, a file where a folder should be -> store-failed', async t => {
  const store = createFileStore(newRoot())
  await store.put('a/b', bytesOf('x'))
  await t.rejects(store.put('a', bytesOf('x')), { code: 'store-failed', message: /\/a/ })
  await t.rejects(store.put('a/b/c', bytesOf('x')), { code: 'store-failed', message: /a\/b\/c/ })
  await t.rejects(store.read('a'), { code: 'object-missing' })
  t.same((await toList(store, '')).map(({ path }) => path), ['a/b'], 'no temporary file stays')
  t.same(readdirSync(new URL(store.url)), ['a'])
})

t.test('a folder that may not be written -> store-failed with the reason', async t => {
  const root = newRoot()
  mkdirSync(root)
  chmodSync(root, 0o555)
  // Root may write everywhere, so it becomes nobody for as long as it takes.
  const isRoot = process.geteuid?.() === 0
  if (isRoot) {
    chmodSync(top, 0o755)
    process.seteuid?.(NOBODY)
  }
  try {
    await t.rejects(createFileStore(root).create('x', bytesOf('x')), { code: 'store-failed', message: /permission denied \(EACCES\)/ })
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
})

t.test('prefixes that lead out -> store-failed; the beginning of a hidden name is none', async t => {
  const store = createFileStore(newRoot())
  await store.put('.hidden/x', bytesOf('x'))
  for (const prefix of ['../', 'a/../', '/', '/etc/', 'a//b']) await t.rejects(async () => await toList(store, prefix), { code: 'store-failed' }, prefix)
  t.same((await toList(store, '.')).map(({ path }) => path), ['.hidden/x'])
})

t.test('bytes that were read -> a buffer of their own', async t => {
  const store = createFileStore(newRoot())
  await store.put('small', bytesOf('abcdef'))
  const bytes = await store.read('small', { start: 1, end: 4 })
  t.equal(bytes.buffer.byteLength, 3)
  t.equal(bytes.byteOffset, 0)
})

t.test('a file mode -> readable by others as the umask says', async t => {
  const root = newRoot()
  await createFileStore(root).create('x', bytesOf('x'))
  t.equal(statSync(join(root, 'x')).mode & 0o700, 0o600)
})

t.test('any tree and prefix -> what starts with it, in byte order, each once', async t => {
  const part = fc.stringMatching(/^[a-c\u{e9}\u{ffee}\u{1f600} .+-]{1,3}$/u).filter(name => name !== '.' && name !== '..')
  const path = fc.array(part, { minLength: 1, maxLength: 4 }).map(parts => parts.join('/'))
  const tree = fc.uniqueArray(path, { minLength: 1, maxLength: 12, comparator: (left, right) => `${left}/`.startsWith(`${right}/`) || `${right}/`.startsWith(`${left}/`) })
  await fc.assert(fc.asyncProperty(tree, fc.nat(), async (paths, cut) => {
    const store = createFileStore(newRoot())
    await fillStore(store, new Map(paths.map(path => [path, bytesOf(path)])))
    const whole = paths[cut % paths.length] ?? ''
    const prefix = Array.from(whole).slice(0, cut % (whole.length + 1)).join('')
    const expected = paths.filter(path => path.startsWith(prefix)).toSorted(compareBytes)
    t.strictSame((await toList(store, prefix)).map(({ path }) => path), expected, JSON.stringify(prefix))
  }), { numRuns: 60 })
})
