import type { EngineEvent } from '../engine/event.js'
import type { ModelEvent } from '../model/event.js'

/** What can be seen of a run while it goes. */
export interface RunState {
  documents: number
  running: number
  held: number
  calls: number
  callsInFlight: number
  retries: number
  journalHits: number
  promptTokens: number
  completionTokens: number
  /** Models that wait because none of their servers is alive. */
  readonly paused: Set<string>
  /** Records inside each stage, by its place in the pipeline. */
  readonly inside: number[]
  readonly answerRetries: Record<string, number>
}

/** Takes the events of a run and keeps their sums. */
export interface Monitor {
  readonly state: RunState
  readonly onEngineEvent: (event: EngineEvent) => void
  readonly onModelEvent: (event: ModelEvent) => void
  readonly onWritten: (documents: number) => void
}

/** Counts events of engine and models. Costs nothing but the counting. */
export function createMonitor (): Monitor {
  const state: RunState = {
    documents: 0, running: 0, held: 0, calls: 0, callsInFlight: 0, retries: 0, journalHits: 0,
    promptTokens: 0, completionTokens: 0, paused: new Set(), inside: [], answerRetries: {}
  }
  return { state, onEngineEvent: event => countEngine(state, event), onModelEvent: event => countModel(state, event), onWritten: documents => { state.documents += documents } }
}

function countEngine (state: RunState, event: EngineEvent): void {
  switch (event.kind) {
    case 'stage-start': state.inside[event.stage] = (state.inside[event.stage] ?? 0) + 1; break
    case 'stage-end': state.inside[event.stage] = (state.inside[event.stage] ?? 0) - 1; break
    case 'answer-retry': state.answerRetries[event.code] = (state.answerRetries[event.code] ?? 0) + 1; break
    case 'window':
      state.running = event.running
      state.held = event.held
  }
}

function countModel (state: RunState, event: ModelEvent): void {
  switch (event.kind) {
    case 'call-start': state.calls++; state.callsInFlight++; break
    case 'call-end':
      state.callsInFlight--
      state.promptTokens += event.usage?.promptTokens ?? 0
      state.completionTokens += event.usage?.completionTokens ?? 0
      break
    case 'retry': state.retries++; break
    case 'journal-hit': state.journalHits++; break
    case 'paused': state.paused.add(event.model); break
    case 'resumed': state.paused.delete(event.model); break
    default:
  }
}
