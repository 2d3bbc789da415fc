import { toGemlineError, type GemlineError } from '../lib/engine/errors.js'
import type { ChatRequest, Result, SendOptions } from '../lib/model/chat-model.js'
import { countPrompt } from '../lib/model/count-prompt.js'
import type { Usage } from '../lib/schema/lineage.js'
import { batchBody, batchKeyOf } from './vllm-request.js'
import { countChoice, failed, readChoice, type ReadCompletion } from './vllm-response.js'
import { CHAT_PATH, checkModel, contextOf, numbered, post, sendOne, type VllmLine } from './vllm-line.js'

const BATCH_PATH = `${CHAT_PATH}/batch`

interface Member { readonly request: ChatRequest, readonly at: number }

/** Sends several requests, those with equal sampling in one exchange. Results in the order of the requests. Never rejects. */
export async function sendBatches (line: VllmLine, requests: readonly ChatRequest[], options: SendOptions): Promise<readonly Result[]> {
  const results: Result[] = new Array<Result>(requests.length)
  const groups = new Map<string, Member[]>()
  for (const [at, request] of requests.entries()) {
    const key = batchKeyOf(request)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [{ request, at }])
    else group.push({ request, at })
  }
  await Promise.all([...groups.values()].map(async members => {
    const found = await sendGroup(line, members, options)
    for (const [place, { at }] of members.entries()) results[at] = found[place]!
  }))
  return results
}

async function sendGroup (line: VllmLine, members: readonly Member[], options: SendOptions): Promise<readonly Result[]> {
  if (members.length === 1 || !line.batches) return await sendSingly(line, members, options)
  try {
    // Groups of one `send` are in flight together, so each bears the number of its first member.
    const requests = members.map(({ request }) => request)
    const completion = await post(line, { path: BATCH_PATH, body: batchBody(requests, options), requests: members.length }, numbered(options, members[0]!.at))
    await checkModel(line, requests[0]!.model, completion.model)
    return members.map(({ request }, index) => readChoice(completion.choices.get(index), {
      usage: usageOf(line, request, { completion, index }), author: completion.author, context: contextOf(line, BATCH_PATH)
    }))
  } catch (thrown) {
    return await afterFailure(line, members, { options, error: toGemlineError(thrown, 'response-invalid', line.http.address.url + BATCH_PATH) })
  }
}

/** A server without the path is asked singly from now on; a refused batch is halved until only the culprit is refused. */
async function afterFailure (
  line: VllmLine, members: readonly Member[], { options, error }: { options: SendOptions, error: GemlineError }
): Promise<readonly Result[]> {
  const { status } = (error.detail ?? {}) as { status?: unknown }
  // Without the path: 404 or 405 of the web server, 403 of one that keeps it shut. The single request will tell if it was the key.
  if (error.code === 'config-invalid' || status === 403) {
    line.batches = false
    return await sendSingly(line, members, options)
  }
  if (status !== 400 && status !== 422) return members.map(() => failed(error))
  const middle = members.length >> 1
  const halves = await Promise.all([members.slice(0, middle), members.slice(middle)].map(half => sendGroup(line, half, options)))
  return halves.flat()
}

function sendSingly (line: VllmLine, members: readonly Member[], options: SendOptions): Promise<readonly Result[]> {
  return Promise.all(members.map(({ request, at }) => sendOne(line, request, numbered(options, at))))
}

/** Never a share of the sum: it would depend on who shared the batch. */
function usageOf ({ tokens }: VllmLine, { messages }: ChatRequest, { completion, index }: { completion: ReadCompletion, index: number }): Usage {
  const promptTokens = tokens === undefined ? 0 : countPrompt(tokens, messages)
  return { promptTokens, completionTokens: countChoice(completion.choices.get(index), tokens) }
}
