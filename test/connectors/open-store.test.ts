import { inspect } from 'node:util'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { openStore, openWritableStore, storeOptionsSchema } from '../../connectors/open-store.js'
import { splitUri } from '../../connectors/split-uri.js'
import { bytesOf, toList } from '../support/store-conformance.js'
import { startS3Fake } from '../support/s3-fake.js'

const root = t.testdir({ data: { 'a.parquet': 'A', 'b.bin': 'B', 'dir.csv': { c: 'C' } } })

t.test('uris of sources -> root and path, alike for all places', async t => {
  const cases: Array<{ uri: string, root: string, path: string }> = [
    { uri: join(root, 'data'), root: join(root, 'data'), path: '' },
    { uri: join(root, 'data/'), root: join(root, 'data'), path: '' },
    { uri: join(root, 'data/a.parquet'), root: join(root, 'data'), path: 'a.parquet' },
    { uri: join(root, 'data/b.bin'), root: join(root, 'data'), path: 'b.bin' },
    { uri: join(root, 'data/dir.csv'), root: join(root, 'data/dir.csv'), path: '' },
    { uri: join(root, 'data/absent.jsonl.gz'), root: join(root, 'data'), path: 'absent.jsonl.gz' },
    { uri: join(root, 'data/absent'), root: join(root, 'data/absent'), path: '' },
    { uri: join(root, 'data/part-*'), root: join(root, 'data'), path: 'part-*' },
    { uri: pathToFileURL(join(root, 'data/a.parquet')).href, root: join(root, 'data'), path: 'a.parquet' },
    { uri: './lib', root: resolve('lib'), path: '' },
    { uri: '/', root: '/', path: '' },
    { uri: 's3://b', root: 's3://b', path: '' },
    { uri: 's3://b/', root: 's3://b', path: '' },
    { uri: 's3://b/dir/a.parquet', root: 's3://b/dir', path: 'a.parquet' },
    { uri: 's3://b/a.PARQUET', root: 's3://b', path: 'a.PARQUET' },
    { uri: 's3://b/dir', root: 's3://b/dir', path: '' },
    { uri: 's3://b/run-1.2/', root: 's3://b/run-1.2', path: '' },
    { uri: 's3://b/dir/part-*', root: 's3://b/dir', path: 'part-*' },
    { uri: 's3://b/100%25/a.csv', root: 's3://b/100%25', path: 'a.csv' },
    { uri: 'https://h/x/a.parquet', root: 'https://h/x', path: 'a.parquet' },
    { uri: 'https://h/x/a%20b.parquet', root: 'https://h/x', path: 'a b.parquet' },
    { uri: 'https://h:8080/x/', root: 'https://h:8080/x', path: '' },
    { uri: 'https://h', root: 'https://h', path: '' }
  ]
  for (const { uri, ...expected } of cases) t.same(splitUri(uri), expected, uri)
})

t.test('uris that cannot be -> config-invalid, without their secrets', async t => {
  for (const uri of ['gs://b/x', 'hf://datasets/x', 's3://', 's3:///x', 'https://', 's3://b/*/x', 'a*/b', 'file://elsewhere/x']) {
    t.throws(() => splitUri(uri), { code: 'config-invalid' }, uri)
  }
  for (const uri of ['https://user:hunter2@h/x', 'https://user:hunter2@h/x.csv', 'https://h/x.csv?token=hunter2', 's3://key:hunter2@b/x', 'gs://key:hunter2@b/x']) {
    const thrown: unknown = await openStore(uri).catch((thrown: unknown) => thrown)
    t.match(thrown, { code: 'config-invalid' }, uri)
    t.notMatch(inspect(thrown), /hunter2/, uri)
  }
})

t.test('local uris -> a writable store at the folder', async t => {
  const url = pathToFileURL(join(root, 'data')).href
  for (const uri of [join(root, 'data'), `${join(root, 'data')}/`, url, join(root, 'data/a.parquet')]) t.equal((await openStore(uri)).url, url, uri)
  t.equal((await openStore(join(root, 'out.csv'))).url, pathToFileURL(join(root, 'out.csv')).href, 'what is not there yet is a folder to be')
  const { root: folder, path } = splitUri(join(root, 'data/a.parquet'))
  const store = await openStore(folder)
  t.equal(Buffer.from(await store.read(path)).toString(), 'A')
  t.ok('create' in store)
})

t.test('s3 uris -> a store at bucket and prefix that works with the options', async t => {
  const fake = await startS3Fake()
  t.teardown(() => fake.stop())
  const { endpoint, accessKeyId, secretAccessKey, bucket } = fake
  const options = { endpoint, credentials: { accessKeyId, secretAccessKey } }
  const store = await openWritableStore(`s3://${bucket}/runs/one/`, options)
  t.equal(store.url, `s3://${bucket}/runs/one`)
  t.equal(await store.create('x.parquet', bytesOf('X')), true)
  const { root, path } = splitUri(`s3://${bucket}/runs/one/x.parquet`)
  t.equal(Buffer.from(await (await openStore(root, options)).read(path)).toString(), 'X')
  t.equal((await openStore(`s3://${bucket}/runs/one/x.parquet`, options)).url, `s3://${bucket}/runs/one`)
})

t.test('http uris -> read only; one that names a file lists it', async t => {
  const store = await openStore('https://h/x/a.parquet')
  t.equal(store.url, 'https://h/x')
  t.notOk('create' in store)
  await t.rejects(openWritableStore('https://h/x'), { code: 'config-invalid', message: /can only be read/ })
  await t.rejects(toList(await openStore('https://h/x'), ''), { code: 'source-missing' })
})

t.test('options -> unknown keys and endpoints that are no url are refused', async t => {
  t.same(storeOptionsSchema.parse({ endpoint: 'http://127.0.0.1:9000', forcePathStyle: true }), { endpoint: 'http://127.0.0.1:9000', forcePathStyle: true })
  for (const options of [{ endpoint: 'localhost:9000' }, { endpoint: 'ftp://h' }, { endpont: 'http://h' }, { region: '' }]) {
    t.equal(storeOptionsSchema.safeParse(options).success, false, JSON.stringify(options))
  }
})
