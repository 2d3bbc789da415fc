import { z } from 'zod'

/** A passage of the corpus: the unit that GEM turns into trajectories (paper section 3.1: one corpus row is one segment). */
export const documentSchema = z.strictObject({
  /** The passage itself, NFC, well-formed UTF-16, not empty. */
  text: z.string().min(1),
  /** sha256 of the text, hex: equal texts, equal key. */
  textKey: z.string(),
  /** Title where the corpus has one. */
  title: z.string().optional(),
  /** Name of the upstream corpus, as Ultra-FineWeb's column `source` gives it. */
  upstream: z.string().optional(),
  /** Quality score of the corpus, if any. */
  score: z.number().optional(),
  /** Address of the page, if the corpus gives it. */
  url: z.string().optional(),
  /** Language of the text, ISO 639-1, where it was detected. */
  language: z.string().optional(),
  /** Values that were replaced in text, title and address, by type; `textKey` stays that of the text as it was read. */
  redacted: z.record(z.string(), z.int()).optional()
})

/** A passage of the corpus, immutable. */
export type Document = Readonly<z.infer<typeof documentSchema>>
