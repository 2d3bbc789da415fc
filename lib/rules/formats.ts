import type { Format } from 'ajv'

const loose = (pattern: RegExp): Format => ({ type: 'string', validate: text => text.length > 1_000 || pattern.test(text) })

/**
 * Formats as models mean them, looser than the standards: a date with or without time, a phone number with spaces. A
 * format that is not here is not checked. Patterns are ours and free of nested repeats.
 */
export const FORMATS: Record<string, Format> = {
  date: loose(/^\d{4}-\d{2}-\d{2}(?:[T ].*)?$/),
  'date-time': loose(/^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?$/),
  time: loose(/^\d{1,2}:\d{2}/),
  email: loose(/^[^\s@]+@[^\s@]+$/),
  uuid: loose(/^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i),
  uri: loose(/^[a-z][a-z0-9+.-]*:\S+$/i),
  url: loose(/^[a-z][a-z0-9+.-]*:\S+$/i)
}
