/** Puts these digits into the places of the value's digits, one by one: `(415) 867-5309` becomes `(202) 555-0143`. */
export function fillDigits (value: string, digits: string): string {
  let at = 0
  return value.replace(/\d/g, () => digits[at++] ?? '0')
}
