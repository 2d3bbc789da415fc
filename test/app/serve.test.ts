import t from 'tap'
import { serveCommand } from '../../lib/app/commands/serve.js'
import { runInMemory } from './in-memory.js'

/** Starts the command, lets `use` have its url, then sends the signal. */
async function serve (options: Record<string, unknown>, use: (url: string) => Promise<void>) {
  const controller = new AbortController()
  let used: Promise<void> | undefined
  const said = await runInMemory(serveCommand, {
    options: { port: '0', ...options },
    signal: controller.signal,
    onOut: out => {
      const url = /listens on (\S+)/.exec(out)?.[1]
      if (url === undefined || used !== undefined) return
      used = use(url).finally(() => controller.abort())
    }
  })
  await used
  return said
}

t.test('serve -> answers as vLLM does until the signal, then exit 0 with its books', async t => {
  const { code, out } = await serve({ model: ['teacher', 'judge'], maxModelLen: '2048' }, async url => {
    const models = await (await fetch(`${url}/v1/models`)).json() as { data: Array<{ id: string, max_model_len: number }> }
    t.strictSame(models.data.map(({ id, max_model_len: length }) => [id, length]), [['teacher', 2048], ['judge', 2048]])
    const body = JSON.stringify({ model: 'judge', messages: [{ role: 'user', content: 'hi' }] })
    t.equal((await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).status, 200)
  })
  t.equal(code, 0)
  t.match(out, /serves teacher, judge\n.*written by rules.*no language model/)
  t.match(out, /curl http:\/\/127\.0\.0\.1:\d+\/v1\/chat\/completions .*"model":"teacher"/)
  t.match(out, /^2 requests, 1 answers, 0 broken off, 0 refused;/m)
})

t.test('a key -> wanted of clients, read from the environment, never printed', async t => {
  process.env['GEMLINE_TEST_KEY'] = 'a-secret-key'
  t.teardown(() => { delete process.env['GEMLINE_TEST_KEY'] })
  const { out } = await serve({ apiKeyEnv: 'GEMLINE_TEST_KEY' }, async url => {
    t.equal((await fetch(`${url}/v1/models`)).status, 401)
    t.equal((await fetch(`${url}/v1/models`, { headers: { authorization: 'Bearer a-secret-key' } })).status, 200)
  })
  t.match(out, 'Bearer $GEMLINE_TEST_KEY')
  t.notOk(out.includes('a-secret-key'))
  await t.rejects(runInMemory(serveCommand, { options: { port: 0, apiKeyEnv: 'GEMLINE_NOT_SET' } }), { code: 'config-invalid', message: /GEMLINE_NOT_SET/ })
})

t.test('a pace -> answers take as long as it says', async t => {
  await serve({ ttftMs: '60' }, async url => {
    const begin = performance.now()
    await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ messages: [{ role: 'user', content: 'hi' }] }) })
    t.ok(performance.now() - begin >= 55)
  })
})

t.test('a port that is taken, or none -> config-invalid', async t => {
  await serve({}, async url => {
    const port = new URL(url).port
    await t.rejects(runInMemory(serveCommand, { options: { port } }), { code: 'config-invalid', message: /cannot listen on 127\.0\.0\.1:/ })
  })
  await t.rejects(runInMemory(serveCommand, { options: { port: '70000' } }), { code: 'config-invalid', message: /--port/ })
})
