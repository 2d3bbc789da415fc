import { spawn, type ChildProcess } from 'node:child_process'
import { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { main } from '../../lib/app/main.js'

/** What a command line came to. */
export interface Ended { readonly code: number | null, readonly signal: NodeJS.Signals | null, readonly stdout: string, readonly stderr: string }

export interface RunningChild {
  readonly process: ChildProcess
  readonly ended: Promise<Ended>
  kill (signal: NodeJS.Signals): void
}

const CLI = fileURLToPath(new URL('../../lib/app/cli.ts', import.meta.url))

/** Starts gemline from its sources in a process of its own. */
export function startGemline (args: readonly string[], env: Readonly<Record<string, string>> = {}): RunningChild {
  const child = spawn(process.execPath, ['--import=tsx', CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => { stdout += chunk.toString() })
  child.stderr.on('data', (chunk: Buffer) => { stderr += chunk.toString() })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  return { process: child, ended, kill: signal => { child.kill(signal) } }
}

/** Runs gemline in this process: quick, and nothing of it can be killed. */
export async function runGemline (args: readonly string[], stdin = ''): Promise<Ended> {
  const [stdout, stderr] = [collector(), collector()]
  const code = await main(args, { stdin: Readable.from([Buffer.from(stdin)]), stdout: stdout.stream, stderr: stderr.stream, color: false, columns: 80 })
  return { code, signal: null, stdout: stdout.text(), stderr: stderr.text() }
}

function collector (): { readonly stream: Writable, readonly text: () => string } {
  let text = ''
  return { stream: new Writable({ write (chunk: Buffer, _, done) { text += chunk.toString(); done() } }), text: () => text }
}

export interface RunCommand {
  readonly pipeline: 'synthesizer' | 'teacher'
  readonly source: string
  readonly out: string
  readonly url: string
}

/** The command line of a run on a server that is elsewhere, with what is to be set beyond it. */
export function runArgs ({ pipeline, source, out, url }: RunCommand, ...more: readonly string[]): string[] {
  return [
    'run', '--quiet', '--pipeline', pipeline, '--source', source, '--out', out,
    '--set', 'source.preset=ultra-fineweb',
    '--set', `models.default={name: gemline-embedded, preset: embedded, endpoints: ["${url}"]}`,
    ...more.flatMap(one => one.startsWith('-') ? [one] : ['--set', one])
  ]
}
