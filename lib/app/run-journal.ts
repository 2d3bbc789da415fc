import { openStore } from '../../connectors/open-store.js'
import { journalId } from '../../connectors/split-id.js'
import type { ByteStore, Source, Split, WritableStore } from '../engine/connector.js'
import { GemlineError } from '../engine/errors.js'
import type { Logger } from '../engine/operator.js'
import { createJournal, type Journal } from '../model/journal.js'
import type { Config } from './config-schema.js'

/** Where a journal is written, under which name of its own, and who is told of damage. */
export interface RunJournalOptions {
  readonly store: WritableStore
  readonly nonce: string
  readonly log: Logger
}

/** The journal of a run by the ids of its splits, and what must be read through it. */
export interface RunJournal extends Journal {
  /** The same source. What it reads is noted, so that the journal knows the place of each split. */
  watch<T> (source: Source<T>): Source<T>
}

/**
 * Opens the journal of a run and those older ones that the config names. Answers lie by the place where a split begins
 * (`journalId`), whatever its id: splits with the same beginning share them across runs. Holds an entry for each split at work.
 * Rejects with `config-invalid` where an older output holds no answers: everything would be paid for again.
 */
export async function openRunJournal (config: Pick<Config, 'journal' | 'sink'>, options: RunJournalOptions): Promise<RunJournal> {
  const from = await openOlderJournals(config)
  for (const store of from) if (!await holdsAnswers(store)) throw new GemlineError('config-invalid', `journal: ${store.url} holds no answers; name the output of a run`)
  return byPlace(createJournal({ ...options, from }))
}

/** The outputs that `journal` of a config names, in order. Nothing is asked of them yet. */
export async function openOlderJournals ({ journal = [], sink }: Pick<Config, 'journal' | 'sink'>): Promise<readonly ByteStore[]> {
  return await Promise.all([journal].flat().map(name => openStore(name, sink.s3 ?? {})))
}

/** Whether a run has journaled at least one answer there. */
export async function holdsAnswers (store: ByteStore): Promise<boolean> {
  for await (const { bytes } of store.list('journal/')) if (bytes > 0) return true
  return false
}

function byPlace (journal: Journal): RunJournal {
  const places = new Map<string, string>()
  const placeOf = (split: string): string => places.get(split) ?? split
  return {
    ...journal,
    lookup: (split, key) => journal.lookup(placeOf(split), key),
    write: (split, key, answer) => journal.write(placeOf(split), key, answer),
    once: (split, key, produce) => journal.once(placeOf(split), key, produce),
    flush: split => journal.flush(placeOf(split)),
    close: split => {
      const place = placeOf(split)
      places.delete(split)
      return journal.close(place)
    },
    watch: source => ({ ...source, read: (splits, options) => source.read(noteEach(splits, split => places.set(split.id, journalId(split))), options) })
  }
}

async function * noteEach (splits: Iterable<Split> | AsyncIterable<Split>, note: (split: Split) => void): AsyncGenerator<Split> {
  for await (const split of splits) {
    note(split)
    yield split
  }
}
