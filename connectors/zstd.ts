import { Transform, type TransformCallback } from 'node:stream'
import * as zlib from 'node:zlib'
import { ZSTDDecoder } from 'zstddec/stream'

/** What decompresses zstd here: Node's own code where it has it (22.15 and later), else zstddec in WebAssembly. */
export interface Zstd {
  /** A whole frame; `length` is the size it must have. Throws where it has not. */
  decode (input: Uint8Array, length: number): Uint8Array
  /** Decompresses frames as they come. Fails where the input is damaged or breaks off. */
  createStream (): Transform
}

/** Loads it once; every later call gives the same. */
export function loadZstd (): Promise<Zstd> {
  loading ??= native() ?? compile()
  return loading
}

let loading: Promise<Zstd> | undefined

interface NativeZstd {
  readonly zstdDecompressSync: (input: Uint8Array, options: { maxOutputLength: number }) => Uint8Array
  readonly createZstdDecompress: () => Transform
}

function native (): Promise<Zstd> | undefined {
  const { zstdDecompressSync, createZstdDecompress } = zlib as unknown as Partial<NativeZstd>
  if (zstdDecompressSync === undefined || createZstdDecompress === undefined) return undefined
  const decode = (input: Uint8Array, length: number) => zstdDecompressSync(input, { maxOutputLength: Math.max(length, 1) })
  return Promise.resolve({ decode, createStream: createZstdDecompress })
}

/** The functions of zstddec's module that a stream needs. Pointers and sizes are 32-bit numbers. */
interface ZstdModule {
  readonly memory: { readonly buffer: ArrayBuffer }
  malloc (size: number): number
  free (pointer: number): void
  ZSTD_createDCtx (): number
  ZSTD_freeDCtx (context: number): void
  ZSTD_decompressStream (context: number, output: number, input: number): number
}

async function compile (): Promise<Zstd> {
  const decoder = new ZSTDDecoder()
  const start = decoder._init
  let module: ZstdModule | undefined
  // The package's own stream loops for ever on damaged input and cannot wait for more, so we drive its module ourselves.
  decoder._init = result => {
    module = result.instance.exports as unknown as ZstdModule
    start(result)
  }
  await decoder.init()
  const loaded = module
  if (loaded === undefined) throw new Error('zstddec was loaded elsewhere before')
  const decode = (input: Uint8Array, length: number) => length === 0 ? new Uint8Array(0) : decoder.decode(input, length)
  return { decode, createStream: () => createZstdStream(loaded) }
}

const PIECE = 131_072

function createZstdStream (module: ZstdModule): Transform {
  const context = module.ZSTD_createDCtx()
  // One block: output struct (pointer, size, position), input struct, input bytes, output bytes.
  const block = module.malloc(24 + 2 * PIECE)
  const at = { output: block, input: block + 12, bytesIn: block + 24, bytesOut: block + 24 + PIECE }
  let pending = 0
  const free = () => {
    module.free(block)
    module.ZSTD_freeDCtx(context)
  }
  const decodePiece = (piece: Uint8Array, push: (bytes: Uint8Array) => void) => {
    new Uint8Array(module.memory.buffer).set(piece, at.bytesIn)
    writeStruct(module, at.input, [at.bytesIn, piece.length, 0])
    let filled = PIECE
    while (position(module, at.input) < piece.length || filled === PIECE) {
      writeStruct(module, at.output, [at.bytesOut, PIECE, 0])
      pending = module.ZSTD_decompressStream(context, at.output, at.input)
      if (pending < 0) throw new Error(`zstd data is damaged (code ${-pending})`)
      filled = position(module, at.output)
      if (filled > 0) push(new Uint8Array(module.memory.buffer).slice(at.bytesOut, at.bytesOut + filled))
    }
  }
  return new Transform({
    transform (chunk: Uint8Array, _encoding, done: TransformCallback) {
      settle(done, () => {
        for (let start = 0; start < chunk.length; start += PIECE) decodePiece(chunk.subarray(start, start + PIECE), bytes => this.push(bytes))
      })
    },
    flush (done) { settle(done, () => { if (pending !== 0) throw new Error('zstd data breaks off') }) },
    destroy (error, done) {
      free()
      done(error)
    }
  })
}

function settle (done: TransformCallback, work: () => void): void {
  try {
    work()
    done()
  } catch (error) {
    done(error as Error)
  }
}

function writeStruct (module: ZstdModule, pointer: number, words: readonly number[]): void {
  const view = new DataView(module.memory.buffer)
  words.forEach((word, index) => view.setUint32(pointer + 4 * index, word, true))
}

function position (module: ZstdModule, struct: number): number {
  return new DataView(module.memory.buffer).getUint32(struct + 8, true)
}
