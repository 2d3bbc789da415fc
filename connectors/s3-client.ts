import type { S3 } from '@aws-sdk/client-s3'
import { GemlineError } from '../lib/engine/errors.js'
import { tryAgain, type BackOff, type Try } from './back-off.js'
import { describeFailure, isPassing, leavesUnsure, type S3Place } from './s3-failure.js'
import { cancelled } from './store-support.js'
import { createUndiciHandler } from './undici-handler.js'

/** Where the S3 service is and how it is spoken to. What is not given comes from the environment and `~/.aws`, as everywhere. */
export interface S3ClientOptions {
  /** URL of a service that is not AWS; default is what `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL` say. */
  readonly endpoint?: string
  readonly region?: string
  /** Bucket in the path, not in the host; default where an endpoint is given. */
  readonly forcePathStyle?: boolean
  /** Only for tests and those who have them from somewhere else; default is the standard chain of the AWS SDK. */
  readonly credentials?: { readonly accessKeyId: string, readonly secretAccessKey: string, readonly sessionToken?: string }
}

/** What a call answered, and whether an earlier try of it may have had its effect although no answer came. */
export interface S3Answer<T> {
  readonly output: T
  readonly unsure: boolean
}

/** Calls an S3 service. */
export interface S3Connection {
  /**
   * Makes a call and repeats it while its failure may pass. Rejects with `object-missing` (404), `object-changed` (412),
   * `source-missing` or `store-failed`; `detail` of the error is an `S3FailureDetail`.
   */
  call<T> (place: S3Place, work: (client: S3, options: { readonly abortSignal?: AbortSignal }) => Promise<T>): Promise<S3Answer<T>>
}

/** A connection that loads the AWS SDK with its first call and not before. */
export function createS3Connection (given: S3ClientOptions, backOff: BackOff): S3Connection {
  const options = { ...given, endpoint: given.endpoint ?? process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL }
  let client: Promise<S3> | undefined
  return {
    async call (place, work) {
      client ??= loadClient(options)
      const s3 = await client
      let unsure = false
      const attempt = async (): Promise<Try<Awaited<ReturnType<typeof work>>>> => {
        try {
          return { done: true, value: await work(s3, { abortSignal: place.signal }) }
        } catch (thrown) {
          if (place.signal?.aborted) throw cancelled(place.signal, place.where)
          if (thrown instanceof GemlineError) throw thrown
          const failure = describeFailure(thrown, place, { endpoint: options.endpoint, unsure })
          if (!isPassing(thrown)) throw failure
          unsure ||= leavesUnsure(thrown)
          return { done: false, failure }
        }
      }
      const output = await tryAgain(attempt, backOff, place)
      return { output, unsure }
    }
  }
}

async function loadClient ({ endpoint, region, forcePathStyle, credentials }: S3ClientOptions): Promise<S3> {
  // Else the SDK writes to standard error, on Node 20, that a later release of it will want another Node: ours is pinned.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
  const sdk = await import('@aws-sdk/client-s3')
  return new sdk.S3({
    endpoint,
    region: region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? (endpoint === undefined ? undefined : 'us-east-1'),
    forcePathStyle: forcePathStyle ?? endpoint !== undefined,
    credentials,
    requestHandler: createUndiciHandler(),
    // Stores other than AWS refuse the checksums that the SDK adds by itself, or store their framing as content.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    followRegionRedirects: true,
    // Repeating is done here: only so is it known whether an unanswered try may have had its effect.
    maxAttempts: 1
  })
}
