import { z } from 'zod'
import { emit, type Operator } from '../lib/engine/operator.js'
import { countFact } from '../lib/model/count-fact.js'
import type { Document } from '../lib/schema/document.js'
import { createRedactor } from '../lib/text/redact/create-redactor.js'
import { REDACTED_TYPES, type RedactedType } from '../lib/text/redact/finding.js'

/** Which types of personal data and secrets `redact` replaces. */
export const redactOptionsSchema = z.strictObject({
  /** Types by name, each on unless it is `false`. */
  types: z.strictObject(Object.fromEntries(REDACTED_TYPES.map(type => [type, z.boolean().default(true)])) as Record<RedactedType, z.ZodDefault<z.ZodBoolean>>).prefault({})
})

/** Types that are not to be replaced, as `{ types: { phone: false } }`; all are unless given. */
export type RedactOptions = Readonly<z.input<typeof redactOptionsSchema>>

/**
 * Replaces personal data and secrets in text, title and url by reserved values of the same type, before any model sees them:
 * one value by one surrogate in the whole document, chosen by the document's key and not by the value. Emits the document
 * with the places counted by type, or the very document if nothing was found. `textKey` stays that of the text as it was
 * read. Drops nothing. What is found and what is not: docs/privacy.md. Beyond GEM.
 */
export function redact (options: RedactOptions = {}): Operator<Document, Document> {
  const { types } = redactOptionsSchema.parse(options)
  const wanted = new Set(REDACTED_TYPES.filter(type => types[type]))
  return {
    name: 'redact',
    process (document, context) {
      const redactor = createRedactor(document.textKey, wanted)
      const { text, title, url } = document
      const parts = {
        text: redactor.redact(text),
        ...(title === undefined ? {} : { title: redactor.redact(title) }),
        ...(url === undefined ? {} : { url: redactor.redact(url) })
      }
      const counts = Object.entries(redactor.counts)
      if (counts.length === 0) return emit(document)
      for (const [type, count] of counts) context.note(countFact(`redacted-${type}`, count))
      return emit({ ...document, ...parts, redacted: { ...redactor.counts } })
    }
  }
}
