import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import type { Test } from 'tap'

/** A page that was opened, and everything it said or asked for. */
export interface Opened { readonly page: Page, readonly messages: string[], readonly requests: string[] }

const FLAGS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

/** Starts the browser of this machine, with a profile of its own. Throws where there is none: a test that cannot look is none. */
export async function startBrowser (t: Test): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: findChromium(), args: FLAGS })
  t.teardown(() => browser.close())
  return browser
}

/** Opens an HTML file as a person does who was sent it: from disk. */
export async function openFile (browser: Browser, file: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  const messages: string[] = []
  const requests: string[] = []
  page.on('console', message => messages.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', error => messages.push(`error: ${error.message}`))
  page.on('request', request => requests.push(request.url()))
  await page.goto(`file://${file}`)
  return { page, messages, requests }
}

function findChromium (): string {
  const named = process.env['GEMLINE_CHROMIUM']
  if (named !== undefined) return named
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const found = ['chromium', 'chromium-browser', 'google-chrome'].flatMap(name => folders.map(folder => join(folder, name))).find(path => existsSync(path))
  if (found === undefined) throw new Error('there is no Chromium: npm run browser:install, or GEMLINE_CHROMIUM=/path/to/chromium')
  return found
}
