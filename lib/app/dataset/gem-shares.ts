import type { Task } from '../../schema/labels.js'

/** Shares of the tasks in the texts that GEM kept, per cent, and of all other tasks together (arXiv 2601.10355, figure 2; they add up to 100.1). */
export const GEM_TASK_SHARES: ReadonlyMap<Task | '*', number> = new Map<Task | '*', number>([
  ['customer_support', 22.4], ['research_and_data', 15.5], ['education_elearning', 12.1], ['developer_tools', 7.6],
  ['ecommerce_and_retail', 6.3], ['search', 4.1], ['databases', 3.7], ['file_systems', 3], ['website_control', 2.5],
  ['multimedia_processing', 2.4], ['social_media', 2.3], ['security_and_iam', 2.2], ['communication', 2.2],
  ['cloud_platforms', 1.8], ['enterprise_business_intelligence', 1.7], ['*', 10.3]
])
