import type { Logger } from '../engine/operator.js'
import type { Transport } from './chat-model.js'
import type { ModelListener } from './event.js'
import { createReplica, type Replica, type ReplicaState } from './replica.js'
import type { Timers } from './timers.js'

/** The servers of one model. */
export interface Pool {
  /** The server with the fewest requests that has a place; `avoid` only if no other has one. */
  pick (avoid?: Replica): Replica | undefined
  readonly replicas: readonly Replica[]
  close (): Promise<void>
}

/** The servers of one model, how many requests each may have, and who is told of their health. */
export interface PoolOptions {
  readonly model: string
  readonly transports: readonly Transport[]
  /** Requests at once per server. */
  readonly maxInFlight: number
  readonly timers: Timers
  readonly log: Logger
  readonly onEvent: ModelListener
  /** Called when a server may have places that it had not. */
  onPlace (): void
}

/** Least outstanding over those that are up. With all of them down nothing is picked, the run waits, and log and events say so. */
export function createPool (options: PoolOptions): Pool {
  const { transports, maxInFlight, timers } = options
  let paused = false
  const replicas: Replica[] = transports.map(transport => {
    let known: ReplicaState = 'up'
    return createReplica({
      transport, maxInFlight, timers,
      onState (state, reason) {
        // A check that ends well is nobody's business.
        if (state !== 'checking' && state !== known) tell(options, { url: transport.url, state, reason })
        if (state !== 'checking') known = state
        paused = tellPause(options, paused, replicas)
        if (state === 'up') options.onPlace()
      }
    })
  })
  return {
    replicas,
    pick (avoid) {
      const open = replicas.filter(replica => replica.places() > 0)
      const others = open.filter(replica => replica !== avoid)
      return (others.length > 0 ? others : open).reduce<Replica | undefined>(
        (least, replica) => least === undefined || replica.outstanding() < least.outstanding() ? replica : least, undefined)
    },
    async close () { await Promise.all(replicas.map(replica => replica.close())) }
  }
}

function tell ({ model, log, onEvent }: PoolOptions, { url, state, reason }: { url: string, state: 'up' | 'down', reason: string }): void {
  if (state === 'up') {
    onEvent({ kind: 'replica-up', model, url })
    log.info({ model, url }, 'a model server is back')
  } else {
    onEvent({ kind: 'replica-down', model, url, reason })
    log.warn({ model, url, reason }, 'a model server is down')
  }
}

function tellPause ({ model, log, onEvent }: PoolOptions, paused: boolean, replicas: readonly Replica[]): boolean {
  if (paused && replicas.some(replica => replica.state() === 'up')) {
    onEvent({ kind: 'resumed', model })
    log.info({ model }, `a server of model ${model} is back, the run goes on`)
    return false
  }
  if (!paused && replicas.every(replica => replica.state() === 'down')) {
    onEvent({ kind: 'paused', model })
    log.warn({ model, urls: replicas.map(replica => replica.url) }, `all servers of model ${model} are down, the run waits`)
    return true
  }
  return paused
}
