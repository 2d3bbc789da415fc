import { createHash, createHmac, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { compareBytes } from '../../connectors/store-support.js'

export interface FakeRequest {
  readonly method: string
  readonly bucket: string
  readonly key: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/**
 * What goes wrong with a request: an error answered instead, the connection cut before it has an effect (`cut`) or after
 * it (`lose-answer`), or its body cut half way (`half-body`).
 */
export type FakeFault = 'cut' | 'lose-answer' | 'half-body' | { readonly status: number, readonly code: string } | undefined

export interface S3Fake {
  readonly endpoint: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly bucket: string
  readonly objects: Map<string, { readonly bytes: Buffer, readonly etag: string }>
  readonly uploads: Map<string, Map<number, Buffer>>
  readonly requests: FakeRequest[]
  /** Decides for each request what goes wrong with it; nothing by itself. */
  fault: (request: FakeRequest) => FakeFault
  /** Answers in place of the service where it gives something. */
  answer: (request: FakeRequest) => FakeReply | undefined
  /** Waited for before a request is looked at. */
  delay: (request: FakeRequest) => Promise<void>
  /** Whether `If-None-Match` is honoured. */
  safe: boolean
  stop (): Promise<void>
}

export interface FakeReply {
  readonly status: number
  readonly headers?: Record<string, string | number>
  readonly body?: string | Buffer
}

const MIN_PART_BYTES = 5_242_880

/**
 * An S3 service of one bucket in this process, path style, as strict as the real ones: refuses wrong signatures,
 * checksums that it did not ask for, parts that are too small or out of order. Catches what a client sends wrong; cannot
 * show what real services do differently from one another.
 */
export async function startS3Fake (): Promise<S3Fake> {
  const server = createServer((request, response) => {
    handle(fake, request, response).catch((thrown: unknown) => { response.destroy(thrown as Error) })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const fake: S3Fake = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accessKeyId: `AK${randomBytes(9).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(20).toString('hex'),
    bucket: 'fake-bucket',
    objects: new Map(),
    uploads: new Map(),
    requests: [],
    fault: () => undefined,
    answer: () => undefined,
    delay: async () => {},
    safe: true,
    async stop () {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    }
  }
  return fake
}

async function handle (fake: S3Fake, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const [path = '', search = ''] = (incoming.url ?? '').split('?')
  const [, bucket = '', ...rest] = path.split('/')
  const key = decodeURIComponent(rest.join('/'))
  const request: FakeRequest = {
    method: incoming.method ?? '', bucket, key, query: new URLSearchParams(search), headers: incoming.headers, body: Buffer.concat(chunks)
  }
  fake.requests.push(request)
  await fake.delay(request)
  const fault = fake.fault(request)
  if (fault === 'cut') { response.destroy(); return }
  const refusal = refuse(fake, request, { path, search })
  const reply = typeof fault === 'object' ? failure(fault.status, fault.code) : refusal ?? fake.answer(request) ?? route(fake, request)
  if (fault === 'lose-answer') { response.destroy(); return }
  const body = Buffer.from(reply.body ?? '')
  response.writeHead(reply.status, { 'x-amz-request-id': 'fake', 'content-length': body.length, ...reply.headers })
  if (request.method === 'HEAD') response.end()
  else if (fault === 'half-body') response.write(body.subarray(0, Math.floor(body.length / 2)), () => setImmediate(() => response.destroy()))
  else response.end(body)
}

function failure (status: number, code: string, more = ''): FakeReply {
  return {
    status, headers: { 'content-type': 'application/xml' }, body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code} it is</Message>${more}</Error>`
  }
}

function refuse (fake: S3Fake, request: FakeRequest, raw: { path: string, search: string }): FakeReply | undefined {
  const { headers, body, method } = request
  const found = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(headers.authorization ?? '')
  if (found === null) return failure(403, 'AccessDenied')
  const [, id, day = '', region = '', signedHeaders = '', signature] = found
  if (id !== fake.accessKeyId) return failure(403, 'InvalidAccessKeyId', `<AWSAccessKeyId>${id}</AWSAccessKeyId>`)
  const payload = String(headers['x-amz-content-sha256'] ?? '')
  if (payload.startsWith('STREAMING-') || headers['x-amz-trailer'] !== undefined) return failure(501, 'NotImplemented')
  if (Object.keys(headers).some(name => name.startsWith('x-amz-checksum-') || name.startsWith('x-amz-sdk-checksum'))) return failure(400, 'InvalidRequest')
  if (payload !== 'UNSIGNED-PAYLOAD' && payload !== createHash('sha256').update(body).digest('hex')) return failure(400, 'XAmzContentSHA256Mismatch')
  const query = raw.search.split('&').filter(Boolean).map(part => part.includes('=') ? part : `${part}=`).sort().join('&')
  const canonicalHeaders = signedHeaders.split(';').map(name => `${name}:${String(headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`).join('')
  const canonical = [method, raw.path, query, canonicalHeaders, signedHeaders, payload].join('\n')
  const scope = `${day}/${region}/s3/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, createHash('sha256').update(canonical).digest('hex')].join('\n')
  const key = [day, region, 's3', 'aws4_request'].reduce<Buffer>((secret, part) => createHmac('sha256', secret).update(part).digest(), Buffer.from(`AWS4${fake.secretAccessKey}`))
  if (createHmac('sha256', key).update(toSign).digest('hex') !== signature) return failure(403, 'SignatureDoesNotMatch', `<StringToSign>${toSign}</StringToSign>`)
  return undefined
}

function route (fake: S3Fake, request: FakeRequest): FakeReply {
  const { method, bucket, key, query } = request
  if (bucket !== fake.bucket) return failure(404, 'NoSuchBucket')
  if (key === '') return method === 'GET' && query.get('list-type') === '2' ? list(fake, query) : failure(501, 'NotImplemented')
  if (query.has('uploads') || query.has('uploadId')) return routeUpload(fake, request)
  if (method === 'PUT') return put(fake, request)
  if (method === 'GET' || method === 'HEAD') return get(fake, request)
  if (method === 'DELETE') {
    fake.objects.delete(key)
    return { status: 204 }
  }
  return failure(405, 'MethodNotAllowed')
}

function list (fake: S3Fake, query: URLSearchParams): FakeReply {
  const size = Math.min(Number(query.get('max-keys') ?? 1_000), 1_000)
  const after = Buffer.from(query.get('continuation-token') ?? '', 'base64').toString()
  const keys = [...fake.objects.keys()].filter(key => key.startsWith(query.get('prefix') ?? '') && compareBytes(key, after) > 0).sort(compareBytes)
  const page = keys.slice(0, size)
  const contents = page.map(key => {
    const { bytes, etag } = fake.objects.get(key) ?? { bytes: Buffer.alloc(0), etag: '' }
    return `<Contents><Key>${escapeXml(key)}</Key><LastModified>2025-11-04T10:00:00.000Z</LastModified><ETag>${escapeXml(etag)}</ETag><Size>${bytes.length}</Size></Contents>`
  })
  const more = keys.length > size ? `<NextContinuationToken>${Buffer.from(page.at(-1) ?? '').toString('base64')}</NextContinuationToken>` : ''
  const body = `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${fake.bucket}</Name><KeyCount>${page.length}</KeyCount>` +
    `<IsTruncated>${keys.length > size}</IsTruncated>${more}${contents.join('')}</ListBucketResult>`
  return { status: 200, headers: { 'content-type': 'application/xml' }, body }
}

function escapeXml (text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}

function put (fake: S3Fake, { key, headers, body }: FakeRequest): FakeReply {
  if (headers['content-length'] === undefined) return failure(411, 'MissingContentLength')
  if (Buffer.byteLength(key) > 1_024) return failure(400, 'KeyTooLongError')
  if (fake.safe && headers['if-none-match'] !== undefined) {
    if (headers['if-none-match'] !== '*') return failure(501, 'NotImplemented')
    if (fake.objects.has(key)) return failure(412, 'PreconditionFailed')
  }
  return store(fake, key, { bytes: body, etag: `"${createHash('md5').update(body).digest('hex')}"` })
}

function store (fake: S3Fake, key: string, object: { bytes: Buffer, etag: string }): FakeReply {
  fake.objects.set(key, object)
  return { status: 200, headers: { etag: object.etag } }
}

function get (fake: S3Fake, { key, headers }: FakeRequest): FakeReply {
  const object = fake.objects.get(key)
  if (object === undefined) return failure(404, 'NoSuchKey')
  const { bytes, etag } = object
  if (headers['if-match'] !== undefined && headers['if-match'] !== etag) return failure(412, 'PreconditionFailed')
  const range = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '')
  if (range === null) return { status: 200, headers: { etag, 'content-length': bytes.length, 'accept-ranges': 'bytes' }, body: bytes }
  const start = Number(range[1])
  const end = range[2] === '' ? bytes.length : Math.min(Number(range[2]) + 1, bytes.length)
  if (start >= bytes.length) return failure(416, 'InvalidRange')
  return { status: 206, headers: { etag, 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` }, body: bytes.subarray(start, end) }
}

function routeUpload (fake: S3Fake, { method, key, query, body }: FakeRequest): FakeReply {
  if (method === 'POST' && query.has('uploads')) {
    const id = randomBytes(8).toString('hex')
    fake.uploads.set(id, new Map())
    return { status: 200, body: `<InitiateMultipartUploadResult><Bucket>${fake.bucket}</Bucket><Key>${escapeXml(key)}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>` }
  }
  const id = query.get('uploadId') ?? ''
  const parts = fake.uploads.get(id)
  if (parts === undefined) return failure(404, 'NoSuchUpload')
  if (method === 'PUT') {
    parts.set(Number(query.get('partNumber')), body)
    return { status: 200, headers: { etag: `"${createHash('md5').update(body).digest('hex')}"` } }
  }
  if (method === 'DELETE') {
    fake.uploads.delete(id)
    return { status: 204 }
  }
  return method === 'POST' ? completeUpload(fake, { key, id, parts, wanted: body.toString() }) : failure(405, 'MethodNotAllowed')
}

function completeUpload (fake: S3Fake, { key, id, parts, wanted }: { key: string, id: string, parts: Map<number, Buffer>, wanted: string }): FakeReply {
  const named = [...wanted.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => ({
    number: Number(/<PartNumber>(\d+)</.exec(part)?.[1]), etag: /<ETag>(.*?)</.exec(part)?.[1]?.replaceAll('&quot;', '"')
  }))
  if (named.length === 0 || named.some(({ number }, index) => index > 0 && number <= (named[index - 1]?.number ?? 0))) return failure(400, 'InvalidPartOrder')
  const bodies = named.map(({ number }) => parts.get(number))
  const digests = bodies.map(body => createHash('md5').update(body ?? '').digest('hex'))
  if (bodies.includes(undefined) || named.some(({ etag }, index) => etag !== `"${digests[index]}"`)) return failure(400, 'InvalidPart')
  const bytes = bodies as Buffer[]
  if (bytes.slice(0, -1).some(body => body.length < MIN_PART_BYTES)) return failure(400, 'EntityTooSmall')
  fake.uploads.delete(id)
  const etag = `"${createHash('md5').update(Buffer.from(digests.join(''), 'hex')).digest('hex')}-${bytes.length}"`
  store(fake, key, { bytes: Buffer.concat(bytes), etag })
  return { status: 200, body: `<CompleteMultipartUploadResult><Key>${escapeXml(key)}</Key><ETag>${escapeXml(etag)}</ETag></CompleteMultipartUploadResult>` }
}
