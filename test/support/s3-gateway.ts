import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer, connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export interface S3Gateway {
  readonly endpoint: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly bucket: string
  stop (): Promise<void>
}

const BINARY = fileURLToPath(new URL('../../.tools/versitygw', import.meta.url))
const BUCKET = 'gemline'
const START_MS = 20_000

/**
 * Starts versitygw, a real S3 gateway over a temporary folder, on a free loopback port with random credentials and one
 * bucket. `stop` ends it and removes the folder. Rejects where it is not installed (`npm run s3:install`).
 */
export async function startS3Gateway (): Promise<S3Gateway> {
  if (!existsSync(BINARY)) throw new Error('versitygw is not installed: run `npm run s3:install`')
  const top = await mkdtemp(join(tmpdir(), 'gemline-s3-'))
  const data = join(top, 'data')
  const sidecar = join(top, 'metadata')
  await Promise.all([mkdir(join(data, BUCKET), { recursive: true }), mkdir(sidecar)])
  try {
    // Some file systems have no extended attributes, where the gateway keeps its metadata: there it gets a folder.
    return await launch(top, [data]).catch(() => launch(top, ['--sidecar', sidecar, data]))
  } catch (thrown) {
    await rm(top, { recursive: true, force: true })
    throw thrown
  }
}

async function launch (top: string, posix: readonly string[]): Promise<S3Gateway> {
  const port = await freePort()
  const accessKeyId = `gw${randomBytes(8).toString('hex')}`
  const secretAccessKey = randomBytes(16).toString('hex')
  const env = { PATH: process.env.PATH, HOME: top, ROOT_ACCESS_KEY: accessKeyId, ROOT_SECRET_KEY: secretAccessKey }
  const child = spawn(BINARY, ['--port', `127.0.0.1:${port}`, '--quiet', '--keep-alive', 'posix', ...posix], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => { complaint = (complaint + chunk.toString()).slice(-2_000) })
  const ended = new Promise<void>(resolve => { child.once('exit', () => resolve()).once('error', () => resolve()) })
  const kill = (): void => { child.kill('SIGKILL') }
  process.once('exit', kill)
  const end = async (): Promise<void> => {
    process.removeListener('exit', kill)
    child.kill('SIGTERM')
    await Promise.race([ended, wait(5_000, undefined, { ref: false }).then(kill)])
    await ended
  }
  if (!await Promise.race([answers(port), ended.then(() => false)])) {
    await end()
    throw new Error(`versitygw did not start: ${complaint}`)
  }
  return {
    endpoint: `http://127.0.0.1:${port}`, accessKeyId, secretAccessKey, bucket: BUCKET,
    async stop () {
      await end()
      await rm(top, { recursive: true, force: true })
    }
  }
}

async function freePort (): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

async function answers (port: number): Promise<boolean> {
  for (let waited = 0; waited < START_MS; waited += 50) {
    const open = await new Promise<boolean>(resolve => {
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => { socket.destroy(); resolve(true) })
      socket.once('error', () => resolve(false))
    })
    if (open) return true
    await wait(50)
  }
  return false
}
