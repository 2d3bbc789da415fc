import * as zlib from 'node:zlib'
import { writeWithDuckdb } from './parquet-fixtures.js'

/**
 * A zstd frame of bytes: by Node where it can, else a raw frame that DuckDB compresses (COPY of one text column to CSV,
 * so the bytes must be text lines without quotes, tabs or backspaces that need escaping).
 */
export async function zstdFrame (bytes: Uint8Array): Promise<Uint8Array> {
  const { zstdCompressSync } = zlib as unknown as { zstdCompressSync?: (input: Uint8Array) => Uint8Array }
  if (zstdCompressSync !== undefined) return zstdCompressSync(bytes)
  const rows = Buffer.from(bytes).toString().trimEnd().split('\n').map(line => `('${line.replaceAll("'", "''")}')`).join(',')
  return await writeWithDuckdb(`copy (select * from (values ${rows}) lines(line)) to $file (format csv, header false, delimiter '\b', quote '', escape '', compression 'zstd')`)
}
