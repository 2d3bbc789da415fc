import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { z } from 'zod'
import { MEASURES, NAME_LISTS, openStats, RECORD_COUNTS, SIZES, type DatasetStats, type NameList } from './collect-stats.js'
import type { Distribution } from './distribution.js'

/** Pairs and not objects: names like `7` would lose their place. */
const namesSchema = z.array(z.tuple([z.string(), z.number()]))
const distributionSchema = z.strictObject({ sum: z.number(), least: z.number(), greatest: z.number(), counts: z.array(z.tuple([z.number(), z.number()])) }).nullable()

const packedSchema = z.strictObject({
  version: z.literal(1),
  counts: z.record(z.enum(RECORD_COUNTS), z.number()),
  measures: z.record(z.enum(MEASURES), distributionSchema),
  unrefined: z.record(z.enum(SIZES), distributionSchema),
  lists: z.record(z.enum(NAME_LISTS), namesSchema)
})

type PackedDistribution = z.infer<typeof distributionSchema>

/** Far beyond what `packStats` can write. */
const MOST_BYTES = 64 * 2 ** 20

const zip = promisify(gzip)
const unzip = promisify(gunzip)

/** Statistics as gzipped JSON, some kilobytes: equal statistics, equal bytes on one Node build. */
export async function packStats (stats: DatasetStats): Promise<Uint8Array> {
  const packed: z.infer<typeof packedSchema> = {
    version: 1,
    counts: mapNames(RECORD_COUNTS, name => stats[name]),
    measures: mapNames(MEASURES, name => packDistribution(stats.measures[name])),
    unrefined: mapNames(SIZES, name => packDistribution(stats.unrefined[name])),
    lists: mapNames(NAME_LISTS, name => [...stats[name]])
  }
  return await zip(JSON.stringify(packed))
}

/** The way back. Rejects with an Error where the bytes are no statistics of this version. */
export async function unpackStats (bytes: Uint8Array): Promise<DatasetStats> {
  const { counts, measures, unrefined, lists } = packedSchema.parse(JSON.parse(String(await unzip(bytes, { maxOutputLength: MOST_BYTES }))))
  return {
    ...openStats(),
    ...counts,
    measures: mapNames(MEASURES, name => unpackDistribution(measures[name])),
    unrefined: mapNames(SIZES, name => unpackDistribution(unrefined[name])),
    ...mapNames(NAME_LISTS, (name: NameList) => new Map(lists[name]))
  }
}

function packDistribution ({ count, sum, least, greatest, counts }: Distribution): PackedDistribution {
  return count === 0 ? null : { sum, least, greatest, counts: [...counts] }
}

function unpackDistribution (packed: PackedDistribution): Distribution {
  if (packed === null) return { count: 0, sum: 0, least: Infinity, greatest: -Infinity, counts: new Map() }
  const counts = new Map(packed.counts)
  return { ...packed, counts, count: [...counts.values()].reduce((sum, times) => sum + times, 0) }
}

function mapNames<Name extends string, Value> (names: readonly Name[], valueOf: (name: Name) => Value): Record<Name, Value> {
  return Object.fromEntries(names.map(name => [name, valueOf(name)])) as Record<Name, Value>
}
