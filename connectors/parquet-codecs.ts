import * as zlib from 'node:zlib'
import type { Compressors } from 'hyparquet'
import { compressors as wasm } from 'hyparquet-compressors'
import { loadZstd } from './zstd.js'

/** Largest page that is decompressed, bytes; a header that claims more is damaged or hostile. */
export const MAX_PAGE_BYTES = 1_073_741_824

/**
 * Decompressors for pages: native code where Node has it (gzip, brotli, zstd from 22.15), WebAssembly for snappy and
 * zstd, hyparquet-compressors for both lz4. Each throws where the result has not the length that the page header gives.
 */
export async function loadParquetCodecs (): Promise<Compressors> {
  const zstd = await loadZstd()
  return {
    ...mapCodecs(wasm),
    GZIP: guard('GZIP', (input, length) => zlib.gunzipSync(input, { maxOutputLength: Math.max(length, 1) })),
    BROTLI: guard('BROTLI', (input, length) => zlib.brotliDecompressSync(input, { maxOutputLength: Math.max(length, 1) })),
    ZSTD: guard('ZSTD', zstd.decode)
  }
}

type Decompress = (input: Uint8Array, length: number) => Uint8Array

function mapCodecs (codecs: Compressors): Compressors {
  return Object.fromEntries(Object.entries(codecs).map(([name, decompress]) => [name, guard(name, decompress)]))
}

function guard (codec: string, decompress: Decompress): Decompress {
  return (input, length) => {
    if (length < 0 || length > MAX_PAGE_BYTES) throw new Error(`a ${codec} page claims to hold ${length} bytes`)
    const output = decompress(input, length)
    if (output.length !== length) throw new Error(`a ${codec} page holds ${output.length} bytes instead of ${length}`)
    return output
  }
}
