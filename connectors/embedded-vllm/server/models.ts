import type { Exchange, Reply, ServerContext } from './context.js'

/** `GET /v1/models`: the served names, `owned_by` saying what stands behind them. */
export function models (_: Exchange, { options }: ServerContext): Reply {
  const data = options.models.map(id => ({
    id, object: 'model', created: 0, owned_by: 'gemline-embedded', root: options.models[0], parent: null,
    max_model_len: options.maxModelLength, permission: []
  }))
  return { status: 200, body: { object: 'list', data } }
}

/** `GET /health`: alive, nothing to say. */
export function health (): Reply {
  return { status: 200, body: '' }
}

/** `GET /version`. */
export function version (_: Exchange, { fingerprint }: ServerContext): Reply {
  return { status: 200, body: { version: fingerprint } }
}
