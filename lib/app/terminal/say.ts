import type { Writable } from 'node:stream'

/** Writes lines and waits until the stream has room again: a pipe that nobody reads holds the command, not its memory. */
export async function say (stream: Writable, text: string): Promise<void> {
  if (stream.destroyed || stream.writableEnded) return
  await new Promise<void>((resolve, reject) => {
    stream.write(`${text}\n`, error => {
      // Whoever has read enough (`| head`) closes the pipe; that is no failure of ours.
      if (error == null || (error as NodeJS.ErrnoException).code === 'EPIPE' || (error as NodeJS.ErrnoException).code === 'ERR_STREAM_DESTROYED') resolve()
      else reject(error)
    })
  })
}

/** Writes a value as JSON: indented for one whole answer, on one line for one of many. */
export async function sayJson (stream: Writable, value: unknown, indent = 2): Promise<void> {
  await say(stream, JSON.stringify(value, null, indent))
}
