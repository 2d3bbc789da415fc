import { drop, type Operator } from '../../lib/engine/operator.js'
import { Pipeline } from '../../lib/engine/pipeline.js'
import { peakMemoryBytes, report } from '../child.js'
import { countSettled, makeBatches } from './records.js'

const records = Number(process.argv[2])
const dropAll: Operator<string, string> = { name: 'drop-all', process: () => drop('unwanted') }
const window = Pipeline.of<string>().through(dropAll).window({ signal: new AbortController().signal })
const { documents } = await countSettled(window(makeBatches(records, makeText)))
if (documents !== records) throw new Error(`${documents} of ${records} records settled`)
report({ peakBytes: peakMemoryBytes() })

/** Fresh bytes for each record, as a file would give them. */
function makeText (sequence: number): string {
  return Buffer.alloc(600, `record ${sequence} `).toString('latin1')
}
