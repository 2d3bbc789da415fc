/** What a text is written in: `language` in ISO 639-1, `confidence` from 0 to 1. */
export interface DetectedLanguage {
  readonly language: string | undefined
  readonly confidence: number
}

const STOP_WORDS: Readonly<Record<string, ReadonlySet<string>>> = Object.fromEntries(Object.entries({
  en: 'the of and to in is that it for you was on are with as his they be at this have from or had by but not what all were when we there can an your which their if will each about how up out them then she many some so these would into has more her two him see could no than been its now did get may i my please',
  de: 'der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum haben nur oder aber vor zur bis mehr durch man sein ich wir ihr ihre mir bitte',
  fr: 'de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec mais comme ou si leur y dont aux d cette ces sa elle son nous vous je votre mon ma bonjour merci',
  es: 'de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si sin sobre este ya entre cuando todo esta ser son dos también fue había era muy usted mi yo está gracias',
  it: 'di e il la che in a per è un del non con sono una le i da si come al dei più alla o ma ha gli anche lo della nel se suo questo mi io lei vorrei grazie',
  pt: 'de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele das à seu sua ou quando muito nos já eu também só pelo pela até isso você obrigado'
}).map(([language, words]) => [language, new Set(words.split(' '))]))

/** Stands in for the detector of the corpus until that is there: scripts and stop words of six languages. */
export function detectLanguage (text: string): DetectedLanguage {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? []
  const shares = Object.entries(STOP_WORDS).map(([language, stop]) => ({ language, confidence: words.filter(word => stop.has(word)).length / Math.max(1, words.length) }))
  const best = shares.reduce((one, other) => other.confidence > one.confidence ? other : one)
  return best.confidence < 0.2 ? { language: undefined, confidence: 0 } : best
}
