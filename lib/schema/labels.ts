import { z } from 'zod'

/** Where it is done. With `DOMAINS` and `TASKS` the vocabularies of the relevance prompt (GEM, appendix A.1): 5, 26 and 38 words. */
export const PLATFORMS = ['operator', 'computer', 'phone', 'machine', 'other'] as const

/** What a text is about. */
export const DOMAINS = [
  'adult', 'arts_and_entertainment', 'autos_and_vehicles', 'beauty_and_fitness', 'books_and_literature',
  'business_and_industrial', 'computers_and_electronics', 'finance', 'food_and_drink', 'games', 'health',
  'hobbies_and_leisure', 'home_and_garden', 'internet_and_telecom', 'jobs_and_education', 'law_and_government', 'news',
  'online_communities', 'people_and_society', 'pets_and_animals', 'real_estate', 'science', 'sensitive_subjects',
  'shopping', 'sports', 'travel_and_transportation'
] as const

/** What is done in it. */
export const TASKS = [
  'databases', 'multimedia_processing', 'cloud_platforms', 'calendar_management', 'cryptocurrency', 'location_services',
  'communication', 'search', 'file_systems', 'web_scraping', 'ecommerce_and_retail', 'customer_data_platforms',
  'developer_tools', 'virtualization', 'version_control', 'research_and_data', 'aigc', 'travel_and_transportation',
  'note_taking', 'language_translation', 'rag_systems', 'security_and_iam', 'social_media', 'monitoring',
  'weather_services', 'customer_support', 'blockchain', 'knowledge_and_memory', 'financial_trading', 'marketing',
  'enterprise_business_intelligence', 'transportation_logistics', 'iphone_android', 'smart_home', 'education_elearning',
  'robot_control', 'website_control', 'gaming_entertainment'
] as const

/** What the filter says of a relevant text, in words of the three vocabularies. */
export const labelsSchema = z.strictObject({
  platforms: z.array(z.enum(PLATFORMS)),
  domains: z.array(z.enum(DOMAINS)),
  tasks: z.array(z.enum(TASKS)),
  /** One line on what the text is about, as the filter model wrote it. */
  summary: z.string().optional()
})

/** The labels of one document. */
export type Labels = Readonly<z.infer<typeof labelsSchema>>
/** One of `PLATFORMS`. */
export type Platform = typeof PLATFORMS[number]
/** One of `DOMAINS`. */
export type Domain = typeof DOMAINS[number]
/** One of `TASKS`. */
export type Task = typeof TASKS[number]

/** Labels of a list: those of the vocabulary, and the others as they were written. */
export interface ReadLabels<T> { readonly known: T[], readonly unknown: string[] }

/**
 * Reads a comma list of labels as models write it (`Shopping, Home & Garden`) against a vocabulary. Case, spaces,
 * hyphens, `&` and `and` are folded; each label once, in order; what is not in the vocabulary comes back as `unknown`.
 */
export function readLabels<T extends string> (list: string, vocabulary: readonly T[]): ReadLabels<T> {
  const known: T[] = []
  const unknown: string[] = []
  for (const raw of list.split(/[,;|\n]/)) {
    const folded = foldLabel(raw)
    if (folded === '') continue
    const match = vocabulary.find(label => foldLabel(label) === folded)
    if (match === undefined) unknown.push(raw.trim())
    else if (!known.includes(match)) known.push(match)
  }
  return { known, unknown }
}

function foldLabel (label: string): string {
  return label.toLowerCase().replace(/&/g, ' and ').replace(/[^a-z0-9]+/g, ' ').trim().replace(/ /g, '_')
}
