import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { WrappedTask } from './tasks.js'

/** A sample of the tasks: tools are written once and named, since the tasks share them. */
interface Fixture {
  readonly notice: string
  readonly tools: Readonly<Record<string, WrappedTask['tools'][number]>>
  readonly tasks: ReadonlyArray<Omit<WrappedTask, 'tools'> & { readonly tools: readonly string[] }>
}

const NOTICE = 'Sample of the multi-turn tasks of BFCL v4 (bfcl-eval 2026.3.23, ShishirPatil/gorilla, Apache License 2.0), run through its own classes and written as dialogues by wrap_bfcl.py; see NOTICE beside this file.'
const SAMPLE = 10

/** Writes ten tasks, drawn by hash, each in its four categories. */
export async function writeFixture (file: string, tasks: readonly WrappedTask[]): Promise<void> {
  const rank = (task: number): string => createHash('sha256').update(`bfcl fixture ${task}`).digest('hex')
  const drawn = new Set([...new Set(tasks.map(({ task }) => task))].sort((one, other) => rank(one).localeCompare(rank(other))).slice(0, SAMPLE))
  const sample = tasks.filter(({ task }) => drawn.has(task))
  const tools = Object.fromEntries(sample.flatMap(task => task.tools).map(tool => [tool.function.name, tool]))
  const fixture: Fixture = { notice: NOTICE, tools, tasks: sample.map(task => ({ ...task, tools: task.tools.map(tool => tool.function.name) })) }
  await writeFile(file, gzipSync(JSON.stringify(fixture), { level: 9 }))
}

/** The sample as it would come from Python. */
export async function readFixture (file: string): Promise<WrappedTask[]> {
  const { tools, tasks } = JSON.parse(gunzipSync(await readFile(file)).toString()) as Fixture
  return tasks.map(task => ({ ...task, tools: task.tools.map(name => tools[name] as WrappedTask['tools'][number]) }))
}
