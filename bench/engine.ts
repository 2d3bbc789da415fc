import { measureLongTail } from './engine/long-tail.js'
import { measureMemory } from './engine/memory.js'
import { measureNoOps } from './engine/no-ops.js'
import { measureStoppedSink } from './engine/stopped-sink.js'
import type { Bench } from './harness.js'

/** The engine alone: no file, no model, records made up as they are pulled. */
export const benchEngine: Bench = async function * (options) {
  yield * measureNoOps(options)
  yield * measureMemory(options)
  yield * measureStoppedSink(options)
  yield * measureLongTail(options)
}
