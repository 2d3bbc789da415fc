import * as zlib from 'node:zlib'
import type { Compressors } from 'hyparquet'
import { compressors as wasm } from 'hyparquet-compressors'
import { loadZstd } from './zstd.js'

/** Largest page that is decompressed, bytes; a header that claims more is damaged or hostile. */
export const MAX_PAGE_BYTES = 1_073_741_824

/** Above this size a page must not unpack to more than `MAX_RATIO` times its bytes. */
const ANY_RATIO_BYTES = 67_108_864
const MAX_RATIO = 1_000

/**
 * Decompressors for pages: native code where Node has it (gzip, brotli, zstd from 22.15), WebAssembly for snappy and
 * zstd, hyparquet-compressors for both lz4. Each throws where the result has not the length that the page header gives.
 */
export async function loadParquetCodecs (): Promise<Compressors> {
  const zstd = await loadZstd()
  return {
    ...mapCodecs(wasm),
    SNAPPY: guard('SNAPPY', checkedSnappy),
    GZIP: guard('GZIP', (input, length) => zlib.gunzipSync(input, { maxOutputLength: Math.max(length, 1) })),
    BROTLI: guard('BROTLI', (input, length) => zlib.brotliDecompressSync(input, { maxOutputLength: Math.max(length, 1) })),
    ZSTD: guard('ZSTD', zstd.decode)
  }
}

/** The WebAssembly code gives as many bytes as it is asked for, old ones if need be: so the data must say the same length. */
function checkedSnappy (input: Uint8Array, length: number): Uint8Array {
  let told = 0
  for (let index = 0; index < 5; index++) {
    const byte = input[index] ?? 0
    told += (byte & 0x7f) * 128 ** index
    if (byte < 0x80) break
  }
  if (told !== length) throw new Error(`a SNAPPY page holds ${told} bytes instead of ${length}`)
  const decompress = wasm.SNAPPY
  if (decompress === undefined) throw new Error('there is no decompressor for SNAPPY')
  return decompress(input, length)
}

type Decompress = (input: Uint8Array, length: number) => Uint8Array

function mapCodecs (codecs: Compressors): Compressors {
  return Object.fromEntries(Object.entries(codecs).map(([name, decompress]) => [name, guard(name, decompress)]))
}

function guard (codec: string, decompress: Decompress): Decompress {
  return (input, length) => {
    if (length < 0 || length > MAX_PAGE_BYTES) throw new Error(`a ${codec} page claims to hold ${length} bytes`)
    if (length > ANY_RATIO_BYTES && length > input.length * MAX_RATIO) throw new Error(`a ${codec} page of ${input.length} bytes claims to hold ${length}`)
    const output = decompress(input, length)
    if (output.length !== length) throw new Error(`a ${codec} page holds ${output.length} bytes instead of ${length}`)
    return output
  }
}
