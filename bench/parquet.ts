import type { Bench } from './harness.js'
export const benchParquet: Bench = async function * () {}
