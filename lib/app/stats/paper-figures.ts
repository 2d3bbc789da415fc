import type { Domain, Task } from '../../schema/labels.js'

/** Sizes of a set as a paper prints them; what it does not print is not there. */
export interface PrintedSizes {
  readonly name: string
  readonly messages?: { readonly mean: number, readonly median?: number }
  readonly distinctTools?: { readonly mean: number, readonly median?: number }
  readonly toolCalls?: { readonly mean: number, readonly median?: number }
  /** As printed; whether of users or of all is not said. */
  readonly turns?: { readonly mean: number, readonly median?: number }
}

/** GEM after refinement (arXiv 2601.10355, table 5; medians: figure 7). */
export const GEM = { name: 'GEM', messages: { mean: 46.1, median: 41 }, distinctTools: { mean: 8.6, median: 8 }, toolCalls: { mean: 16.3, median: 13 } } as const satisfies PrintedSizes

/** GEM before refinement (table 5). */
export const GEM_UNREFINED = { name: 'GEM, unrefined', messages: { mean: 30.05 }, distinctTools: { mean: 5.01 }, toolCalls: { mean: 7.83 } } as const satisfies PrintedSizes

/** Sets that the paper compares itself with (section 4.5). It gives no sizes of MUA and Simia. */
export const OTHER_SETS: readonly PrintedSizes[] = [
  { name: 'APIGEN-MT', turns: { mean: 18.5 }, toolCalls: { mean: 4.3 } },
  { name: 'TOUCAN', turns: { mean: 6.24 } }
]

/** What the refinement prompt asks for at least (appendix A.3): different patterns in a trajectory. */
export const GEM_PATTERN_KINDS = 3

/** Most tokens of a training row in the paper (table 3: 32K). */
export const GEM_MAX_TOKENS = 32_768

/** Shares of the tasks of retained texts, in percent (figure 2); the rest, 10.3, are `others`. */
export const GEM_TASK_SHARES: Readonly<Partial<Record<Task, number>>> = {
  customer_support: 22.4, research_and_data: 15.5, education_elearning: 12.1, developer_tools: 7.6, ecommerce_and_retail: 6.3, search: 4.1,
  databases: 3.7, file_systems: 3.0, website_control: 2.5, multimedia_processing: 2.4, social_media: 2.3, security_and_iam: 2.2,
  communication: 2.2, cloud_platforms: 1.8, enterprise_business_intelligence: 1.7
}

/** Share of all tasks that figure 2 does not name, in percent. */
export const GEM_OTHER_TASKS = 10.3

const DOMAIN_LABELS: Readonly<Partial<Record<Domain, number>>> = {
  computers_and_electronics: 578_494, science: 355_244, shopping: 348_893, business_and_industrial: 283_763, health: 198_491,
  internet_and_telecom: 191_699, jobs_and_education: 170_724, arts_and_entertainment: 81_424, travel_and_transportation: 57_524,
  finance: 53_342, sports: 36_519, people_and_society: 35_501, games: 29_726, law_and_government: 28_526, home_and_garden: 24_755
}
const ALL_DOMAIN_LABELS = 2_565_787

/** Shares of the domain labels of texts, in percent, of the counts of figure 9. */
export const GEM_DOMAIN_SHARES: Readonly<Partial<Record<Domain, number>>> = Object.fromEntries(Object.entries(DOMAIN_LABELS).map(([name, labels]) => [name, 100 * labels / ALL_DOMAIN_LABELS]))

/** Share of all domains that figure 9 does not name, in percent: 91,162 labels. */
export const GEM_OTHER_DOMAINS = 100 * 91_162 / ALL_DOMAIN_LABELS
