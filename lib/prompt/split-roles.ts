const ROLES = ['system', 'user'] as const

/** A role that a prompt speaks in. */
export type PromptRole = typeof ROLES[number]

/** A piece of a role's text: words of the prompt, or the place of a value. */
export type Segment = { readonly text: string } | { readonly variable: string }

/** The text of one role in pieces: joined in order, each variable replaced by its value, they are the message. */
export interface RoleTemplate {
  readonly role: PromptRole
  readonly segments: readonly Segment[]
}

/**
 * Splits the body of a prompt at its lines `# system` and `# user`, and each role at its placeholders, before any value is
 * there that could look like one. System first, each role at most once. Throws an Error with the reason.
 */
export function splitRoles (body: string): readonly RoleTemplate[] {
  const [before, ...rest] = body.split(/^# +(.*)$/m)
  if (before?.trim() !== '') throw new Error('there is text before the first role')
  const roles: RoleTemplate[] = []
  for (let index = 0; index < rest.length; index += 2) {
    roles.push(readRole(rest[index] as string, rest[index + 1] as string, roles))
  }
  if (!roles.some(({ role }) => role === 'user')) throw new Error('the role user is missing')
  return roles
}

function readRole (heading: string, text: string, before: readonly RoleTemplate[]): RoleTemplate {
  const role = ROLES.find(known => known === heading.trim())
  if (role === undefined) throw new Error(`unknown role "${heading.trim()}", known are ${ROLES.join(' and ')}`)
  if (before.some(other => other.role === role)) throw new Error(`the role ${role} stands there twice`)
  if (role === 'system' && before.length > 0) throw new Error('the role system must come first')
  if (text.trim() === '') throw new Error(`the role ${role} is empty`)
  return { role, segments: splitPlaceholders(text.trim()) }
}

function splitPlaceholders (text: string): readonly Segment[] {
  return text.split(/\{\{([a-z][a-z0-9_]*)\}\}/).flatMap((piece, index): Segment[] => {
    if (index % 2 === 1) return [{ variable: piece }]
    if (piece.includes('{{')) throw new Error(`"${piece.slice(piece.indexOf('{{')).slice(0, 20)}" is no placeholder`)
    return piece === '' ? [] : [{ text: piece }]
  })
}
