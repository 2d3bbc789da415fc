import type { z } from 'zod'
import type { Reply } from './context.js'

/** An error as vLLM words it (vLLM 0.32: `{"error":{message,type,param,code}}`). */
export function errorReply (status: number, message: string, param: string | null = null): Reply {
  return { status, body: { error: { message, type: TYPES[status] ?? 'InternalServerError', param, code: status } } }
}

const TYPES: Readonly<Record<number, string>> = {
  400: 'BadRequestError',
  404: 'NotFoundError',
  413: 'Request Entity Too Large',
  500: 'InternalServerError',
  501: 'NotImplementedError',
  503: 'Service Unavailable'
}

/** The web framework's own answers for a path or method that is not there. */
export const NOT_FOUND: Reply = { status: 404, body: { detail: 'Not Found' } }
/** The same for a method. */
export const METHOD_NOT_ALLOWED: Reply = { status: 405, body: { detail: 'Method Not Allowed' } }

/** `error` is a string here, not an object. */
export const UNAUTHORIZED: Reply = { status: 401, body: { error: 'Unauthorized' } }

/** A body that is not what the endpoint wants: type `Bad Request`, one line a fault, as vLLM's validation handler writes it. */
export function badBody (faults: ReadonlyArray<{ readonly type: string, readonly loc: readonly PropertyKey[], readonly msg: string }>): Reply {
  const lines = faults.map(({ type, loc, msg }) =>
    `  {'type': '${type}', 'loc': (${['body', ...loc].map(part => typeof part === 'number' ? String(part) : `'${String(part)}'`).join(', ')}), 'msg': '${msg}'}`)
  const message = `${faults.length} validation error${faults.length === 1 ? '' : 's'}:\n${lines.join('\n')}`
  return { status: 400, body: { error: { message, type: 'Bad Request', param: null, code: 400 } } }
}

/** The same for what a schema found. */
export function badFields (error: z.ZodError): Reply {
  return badBody(error.issues.map(issue => {
    const missing = issue.code === 'invalid_type' && issue.input === undefined && issue.message.includes('undefined')
    const type = missing ? 'missing' : issue.code === 'too_small' ? 'too_short' : issue.code
    return { type, loc: issue.path, msg: missing ? 'Field required' : issue.message }
  }))
}

/** Refuses a model that is not served. Undefined where it is, or where none was named. */
export function refuseModel (model: string | null | undefined, models: readonly string[]): Reply | undefined {
  if (model === undefined || model === null || models.includes(model)) return undefined
  return errorReply(404, `The model \`${model}\` does not exist. Valid aliases: ${models.join(', ')}.`, 'model')
}

/** Refuses a prompt that leaves no room, in vLLM's three shapes. Undefined where it fits. */
export function refuseLength (promptTokens: number, maxTokens: number | undefined, limit: number): Reply | undefined {
  if (maxTokens !== undefined && maxTokens < 1) return errorReply(400, `max_tokens must be at least 1, got ${maxTokens}.`, 'max_tokens')
  if (maxTokens !== undefined && maxTokens > limit) {
    return errorReply(400, `max_tokens=${maxTokens} cannot be greater than max_model_len=${limit}. Please request fewer output tokens.`, 'max_tokens')
  }
  if (promptTokens > limit) {
    // vLLM stops counting one token past its limit, so the number it names is a lower bound.
    return errorReply(400, `This model's maximum context length is ${limit} tokens. However, your prompt contains at least ${limit + 1} input tokens, ` +
      'which exceeds this limit even without any output tokens. Please reduce the length of the input prompt. ' +
      `(parameter=input_tokens, value=${limit + 1})`, 'input_tokens')
  }
  if (promptTokens === limit) return errorReply(400, 'max_tokens must be at least 1, got 0.', 'max_tokens')
  return undefined
}
