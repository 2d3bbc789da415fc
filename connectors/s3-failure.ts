import { GemlineError, type ErrorCode } from '../lib/engine/errors.js'

/** What a call is about. */
export interface S3Place {
  /** Full `s3://` URL, for messages. */
  readonly where: string
  readonly bucket: string
  readonly writing?: boolean
  readonly signal?: AbortSignal
}

/** `detail` of the errors of S3 calls. */
export interface S3FailureDetail {
  /** Error code of the service, such as `NoSuchUpload`. */
  readonly name: string
  readonly status: number | undefined
  /** An earlier try of the same call got no answer and may have had its effect. */
  readonly unsure: boolean
}

interface SdkError {
  readonly name?: string
  readonly message?: string
  readonly code?: string
  readonly $metadata?: { readonly httpStatusCode?: number }
}

const PASSING_NAMES = new Set([
  'ConditionalRequestConflict', 'OperationAborted', 'RequestTimeout', 'RequestTimeTooSkewed', 'SlowDown', 'Throttling',
  'ThrottlingException', 'TooManyRequestsException', 'IncompleteBody', 'InternalError', 'ServiceUnavailable'
])
const PASSING_STATUS = new Set([408, 429, 500, 502, 503, 504])
const PASSING_CODE = /^(ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|UND_ERR_(SOCKET|CLOSED|DESTROYED|\w+_TIMEOUT))$/
/** 404 is also said of uploads, buckets and users. */
const MISSING_NAMES = new Set(['NoSuchKey', 'NotFound'])
const NO_EFFECT_NAMES = new Set(['ConditionalRequestConflict', 'OperationAborted', 'RequestTimeTooSkewed', 'SlowDown'])

/** Whether the same call may succeed if it is made again. */
export function isPassing (thrown: unknown): boolean {
  const { name = '', code = '', $metadata } = thrown as SdkError
  return PASSING_NAMES.has(name) || PASSING_CODE.test(code) || PASSING_STATUS.has($metadata?.httpStatusCode ?? 0)
}

/** Whether the call may have had its effect although it failed. */
export function leavesUnsure (thrown: unknown): boolean {
  const { name = '', code = '' } = thrown as SdkError
  return !NO_EFFECT_NAMES.has(name) && code !== 'ECONNREFUSED'
}

/**
 * Makes a GemlineError of what the AWS SDK threw. Takes over name, status and cleaned message only: the SDK's error holds
 * the request with its signature.
 */
export function describeFailure (thrown: unknown, place: S3Place, known: { readonly endpoint?: string, readonly unsure: boolean }): GemlineError {
  const error = thrown as SdkError
  const detail: S3FailureDetail = { name: String(error.name ?? 'Error'), status: error.$metadata?.httpStatusCode, unsure: known.unsure }
  const at = known.endpoint === undefined ? 'AWS' : cleanEndpoint(known.endpoint)
  const { code, text } = verdict(detail, place, at)
  const reason = text ?? `${at} failed: ${detail.name}${detail.status === undefined ? '' : ` (${detail.status})`}: ${clean(error.message ?? '')}`
  return new GemlineError(code, `${place.where}: ${reason}`, { detail })
}

interface Verdict {
  readonly code: ErrorCode
  readonly text?: string
}

function verdict ({ name, status }: S3FailureDetail, place: S3Place, at: string): Verdict {
  const hint = hintOf(name, status)
  if (name === 'NoSuchBucket') {
    const text = `the bucket ${place.bucket} does not exist at ${at}; check its name, the endpoint and the region, or create it`
    return { code: place.writing ? 'store-failed' : 'source-missing', text }
  }
  if (hint !== undefined) return { code: 'store-failed', text: `${at} answered ${name}: ${hint}` }
  if (MISSING_NAMES.has(name)) return { code: 'object-missing', text: `does not exist in bucket ${place.bucket} at ${at}` }
  if (status === 412) return { code: 'object-changed', text: 'changed, or was there already (412)' }
  return { code: 'store-failed' }
}

function hintOf (name: string, status: number | undefined): string | undefined {
  if (name === 'CredentialsProviderError') {
    return 'no credentials were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile in ~/.aws, or run where there is a role'
  }
  if (/InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|UserNotFound/.test(name)) return 'the credentials are not those of this service; check key, secret and endpoint'
  if (name === 'ExpiredToken' || name === 'TokenRefreshRequired') return 'the credentials have expired; log in again'
  if (name === 'PermanentRedirect' || name === 'AuthorizationHeaderMalformed' || status === 301) return 'the bucket is in another region; set region'
  if (status === 401 || status === 403) return 'these credentials may not do this; check the policy of user and bucket'
  return undefined
}

function cleanEndpoint (endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).origin : 'the endpoint'
}

function clean (message: string): string {
  return message.replace(/\b(Signature|Credential|X-Amz-[\w-]+|AWSAccessKeyId)=[^\s,&"<]+/gi, '$1=[redacted]').slice(0, 300)
}
