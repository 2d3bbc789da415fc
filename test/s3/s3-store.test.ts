import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { probeCreateOnly } from '../../connectors/probe-create-only.js'
import { createS3Store, type S3StoreOptions } from '../../connectors/s3-store.js'
import { bytesOf, fillStore, testWritableStore, toList } from '../support/store-conformance.js'
import { startS3Gateway } from '../support/s3-gateway.js'

// Catches what only a real service shows: signatures, XML, conditions, races between processes of its own, multipart.
// Cannot catch what AWS and others do differently from this gateway.

const gateway = await startS3Gateway()
t.teardown(() => gateway.stop())

function storeAt (options: Partial<S3StoreOptions> = {}) {
  const { endpoint, accessKeyId, secretAccessKey, bucket } = gateway
  return createS3Store({ bucket, prefix: randomUUID(), endpoint, credentials: { accessKeyId, secretAccessKey }, pageSize: 100, ...options })
}

testWritableStore(t, 's3-store on versitygw', async (_t: Test, objects) => {
  const store = storeAt()
  await fillStore(store, objects)
  return store
})

t.test('100 rounds of eight racers -> one winner each', async t => {
  const store = storeAt()
  for (let round = 0; round < 100; round++) {
    const bodies = Array.from({ length: 8 }, (_, racer) => `${round}/${racer}`)
    const won = await Promise.all(bodies.map(body => store.create(`commit/${round}`, bytesOf(body))))
    const winners = bodies.filter((_, racer) => won[racer])
    if (winners.length !== 1 || Buffer.from(await store.read(`commit/${round}`)).toString() !== winners[0]) t.fail(`round ${round}: ${winners.length} winners`)
  }
  t.equal((await toList(store, 'commit/')).length, 100)
})

t.test('the probe -> safe, at the top of the bucket too', async t => {
  await probeCreateOnly(storeAt({ prefix: '' }), 'probe')
  t.pass()
})

t.test('a bucket or key that is wrong -> what to do', async t => {
  await t.rejects(toList(storeAt({ bucket: 'absent' }), ''), { code: 'source-missing', message: /the bucket absent does not exist at http:\/\/127/ })
  const credentials = { accessKeyId: 'nobody', secretAccessKey: 'wrong' }
  await t.rejects(toList(storeAt({ credentials }), ''), { code: 'store-failed', message: /UserNotFound: the credentials are not those/ })
  const unsigned = { accessKeyId: gateway.accessKeyId, secretAccessKey: 'wrong' }
  await t.rejects(storeAt({ credentials: unsigned }).put('a', bytesOf('x')), { code: 'store-failed', message: /SignatureDoesNotMatch: the credentials are not those/ })
})
