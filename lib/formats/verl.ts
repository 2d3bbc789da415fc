import type { TrainingFormat } from './format.js'
import { readHermes, writeHermes } from './hermes.js'

/**
 * verl's form, Parquet alone. It wants tools and calls as structs, and Parquet gives all structs of a column the keys of all
 * rows, with null where a row has none: the model would see them. So everything is text, as in Hermes' form, and there is no
 * column of tools. Its message-by-message render lacks the think block of the last turn: `ignore_input_ids_mismatch` must be set.
 */
export const verlFormat: TrainingFormat = {
  name: 'verl',
  file: 'parquet',
  columns: [{ name: 'messages', holds: 'texts', keys: ['role', 'content'] }],
  write: trajectory => ({ messages: writeHermes(trajectory) }),
  read: readHermes
}
