#!/usr/bin/env node
import { main } from './main.js'
import { holdYoungGeneration } from './young-generation.js'

holdYoungGeneration()

const { stdin, stdout, stderr, env } = process

// A reader that has had enough closes the pipe: that is its right, and no reason for a stack trace.
stdout.on('error', error => { if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error })

process.exitCode = await main(process.argv.slice(2), {
  stdin, stdout, stderr,
  color: stdout.isTTY && env['NO_COLOR'] === undefined,
  columns: stdout.columns ?? 80
})
