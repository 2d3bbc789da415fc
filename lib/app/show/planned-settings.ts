import { z } from 'zod'
import type { AskSettings } from '../../model/ask.js'
import type { ResultKeys } from '../../run/plan.js'

const settingsSchema = z.object({
  thinking: z.union([z.enum(['off', 'on']), z.object({ budget: z.int() })]),
  temperature: z.number(), topP: z.number(), topK: z.int(),
  maxTokens: z.int(), minTokens: z.int(), retryTemperature: z.number(),
  stop: z.array(z.string()),
  jsonSchema: z.record(z.string(), z.unknown()).optional(),
  model: z.object({ name: z.string(), revision: z.string().optional(), maxModelLength: z.int() })
})

/** How a stage asked: the settings of its requests, and the model with its context. */
export interface PlannedStage {
  readonly settings: AskSettings
  readonly model: { readonly name: string, readonly revision?: string, readonly maxModelLength: number }
}

/** How a stage of a run asks, from the result keys of its plan. Undefined where the plan does not say it in the way of this version. */
export function plannedStageOf (keys: ResultKeys, stage: string): PlannedStage | undefined {
  const prefix = `stages.${stage}.`
  const mine = Object.entries(keys).filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value])
  const parsed = settingsSchema.safeParse(Object.fromEntries(mine))
  if (!parsed.success) return undefined
  const { model, ...settings } = parsed.data
  return { settings, model }
}
