import { t } from 'tap'
import { loadParquetCodecs } from '../../connectors/parquet-codecs.js'
import { unpackPage, type PackedPage, type UnpackOptions } from '../../connectors/parquet-page.js'

const flat = {
  repetition_levels_byte_length: 0, is_compressed: false as const
}

function unpack (packed: PackedPage, options: Partial<UnpackOptions> = {}) {
  return unpackPage(packed, { codecs: {}, nullable: true, meta: { codec: 'UNCOMPRESSED', type: 'BYTE_ARRAY' } as UnpackOptions['meta'], ...options })
}

/** A page of the first version: length of levels, levels, values. */
function firstVersion (levels: readonly number[], values: readonly number[], rows = 8): PackedPage {
  const body = Uint8Array.from([levels.length, 0, 0, 0, ...levels, ...values])
  const header = { type: 'DATA_PAGE' as const, uncompressed_page_size: body.length, compressed_page_size: body.length, data_page_header: { num_values: rows, encoding: 'RLE_DICTIONARY' as const, definition_level_encoding: 'RLE' as const, repetition_level_encoding: 'RLE' as const } }
  return { header: header as PackedPage['header'], body }
}

function secondVersion (levels: readonly number[], values: readonly number[], nulls = 0): PackedPage {
  const body = Uint8Array.from([...levels, ...values])
  const header = { type: 'DATA_PAGE_V2' as const, uncompressed_page_size: body.length, compressed_page_size: body.length, data_page_header_v2: { ...flat, num_values: 8, num_nulls: nulls, num_rows: 8, encoding: 'RLE_DICTIONARY' as const, definition_levels_byte_length: levels.length } }
  return { header: header as PackedPage['header'], body }
}

/** Eight present values in one run, and eight times entry 1 of a dictionary of one bit. */
const PRESENT = [16, 1]
const ONES = [1, 16, 1]

t.test('runs that add up -> the page as it is', t => {
  const cases: ReadonlyArray<readonly [string, PackedPage]> = [
    ['runs', firstVersion(PRESENT, ONES)],
    ['bit-packed', firstVersion([3, 0xff], [1, 3, 0xaa])],
    ['four nulls', firstVersion([3, 0x0f], [1, 8, 1])],
    ['nulls only', firstVersion([16, 0], [])],
    ['entry 0 in no bits', firstVersion(PRESENT, [0])],
    ['second version', secondVersion(PRESENT, ONES)],
    ['second version with nulls', secondVersion([3, 0x0f], [1, 8, 1], 4)]
  ]
  for (const [title, page] of cases) t.same(unpack(page).body, page.body, title)
  t.end()
})

t.test('runs that do not add up -> refused before anything loops or grows', t => {
  const cases: ReadonlyArray<readonly [string, PackedPage, RegExp]> = [
    ['run of a thousand million levels', firstVersion([0xfe, 0xff, 0xff, 0xff, 0x07, 1], ONES), /a run of 1073741823 values where 8 are left/],
    ['length with the sign bit', firstVersion([0xff, 0xff, 0xff, 0xff, 0x0f, 1], ONES), /a run|runs/],
    ['length that never ends', firstVersion(Array.from({ length: 9 }, () => 0xff), ONES), /cannot be read/],
    ['levels beyond the page', { ...firstVersion(PRESENT, ONES), body: Uint8Array.from([200, 0, 0, 0, 16, 1]) }, /claims 200 bytes of levels/],
    ['levels that are too few', firstVersion([8, 1], ONES), /runs end before their values do/],
    ['packed run beyond the page', firstVersion(PRESENT, [8, 129, 2]), /a run of \d+ values where 8 are left|a run lies outside/],
    ['run of values too long', firstVersion(PRESENT, [1, 0xfe, 0x7f, 1]), /a run of 8191 values where 8 are left/],
    ['255 bits', firstVersion(PRESENT, [255, 16, 1]), /claims values of 255 bits/],
    ['second version, levels beyond the page', { ...secondVersion(Array.from({ length: 200 }, () => 0), ONES), body: Uint8Array.from(PRESENT) }, /claims 200 bytes of levels/],
    ['second version, run too long', secondVersion([18, 1], ONES), /a run of 9 values where 8 are left/]
  ]
  for (const [title, page, message] of cases) t.throws(() => unpack(page), { message }, title)
  t.end()
})

t.test('page that claims too much, or another length than it has -> refused', async t => {
  const codecs = await loadParquetCodecs()
  const gzip = codecs.GZIP ?? (input => input)
  t.throws(() => gzip(new Uint8Array(100), 2_000_000_000), { message: 'a GZIP page claims to hold 2000000000 bytes' })
  t.throws(() => gzip(new Uint8Array(100), 100_000_000), { message: 'a GZIP page of 100 bytes claims to hold 100000000' })
  t.throws(() => codecs.ZSTD?.(Uint8Array.from([1, 2, 3]), 10))
  t.throws(() => codecs.SNAPPY?.(Uint8Array.from([3, 8, 97, 98, 99]), 4), { message: 'a SNAPPY page holds 3 bytes instead of 4' })
  t.same(codecs.SNAPPY?.(Uint8Array.from([3, 8, 97, 98, 99]), 3), Buffer.from('abc'))
})
