import { parseArgs } from 'node:util'
import { describeMachine, toResult, type Bench } from './harness.js'
import { tableHead, toRow } from './table.js'

const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  engine: async () => (await import('./engine.js')).benchEngine,
  parquet: async () => (await import('./parquet.js')).benchParquet
}

const USAGE = `npm run bench -- [${Object.keys(BENCHES).join('|')} …] [--json] [--quick]
  --json   one object a measure, one a line
  --quick  small inputs and one sample: shows that it runs, not how fast`

// `| head` closes the pipe: that is an end, not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
process.exitCode = await main(process.argv.slice(2))

async function main (args: readonly string[]): Promise<number> {
  const { names, json, quick } = readArguments(args)
  const unknown = names.find(name => BENCHES[name] === undefined)
  if (unknown !== undefined) {
    console.error(`there is no bench ${unknown}\n${USAGE}`)
    return 2
  }
  const machine = describeMachine()
  if (!json) console.log(`${machine.cpu}, ${machine.cores} cores, ${machine.memoryGB} GB, Node ${machine.node}, ${machine.platform}`)
  for (const name of names) {
    const bench = await (BENCHES[name] as () => Promise<Bench>)()
    if (!json) console.log(`\n${name}${quick ? ' (quick: too small to conclude anything)' : ''}\n${tableHead()}`)
    for await (const measure of bench({ quick })) {
      const result = toResult(name, measure, machine)
      console.log(json ? JSON.stringify(result) : toRow(result))
    }
  }
  return 0
}

function readArguments (args: readonly string[]): { readonly names: readonly string[], readonly json: boolean, readonly quick: boolean } {
  try {
    const { positionals, values } = parseArgs({
      args: [...args], allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } }
    })
    return { names: positionals.length === 0 ? Object.keys(BENCHES) : positionals, ...values }
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`)
    process.exit(2)
  }
}
