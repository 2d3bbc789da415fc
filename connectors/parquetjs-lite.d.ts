/** The part of parquetjs-lite that is used here; the package comes without types. */
declare module 'parquetjs-lite' {
  import type { Writable } from 'node:stream'

  interface FieldDefinition {
    readonly type: 'UTF8' | 'INT64' | 'DOUBLE'
    readonly optional: boolean
    readonly compression: 'SNAPPY' | 'GZIP' | 'UNCOMPRESSED'
    readonly statistics: boolean
  }

  interface ParquetSchema { readonly fields: object }

  interface ParquetWriter {
    setRowGroupSize (rows: number): void
    appendRow (row: Readonly<Record<string, unknown>>): Promise<void>
    close (): Promise<void>
  }

  interface ParquetReader {
    getCursor (): { next (): Promise<Record<string, unknown> | null> }
    close (): Promise<void>
  }

  const parquetjs: {
    readonly ParquetSchema: new (fields: Readonly<Record<string, FieldDefinition>>) => ParquetSchema
    readonly ParquetWriter: {
      openStream (schema: ParquetSchema, stream: Writable, options: { readonly useDataPageV2: boolean }): Promise<ParquetWriter>
    }
    readonly ParquetReader: { openBuffer (buffer: Buffer): Promise<ParquetReader> }
  }
  export default parquetjs
}
