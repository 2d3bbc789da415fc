import { quote, type Rule } from './rule.js'

/** No id, credential or contact among the arguments is without a basis before its call (beyond the paper; its R1 without a model). */
export const grounding: Rule = {
  name: 'grounding',
  mode: 'drop',
  check: (_, context) => context.grounding().suspects.map(({ value, where }) => ({
    rule: 'grounding',
    message: `${where.path} of ${quote(where.tool)} has no basis before the call: ${quote(value)}`,
    where
  }))
}
