import type { Trajectory } from '../../lib/schema/index.js'
import { createChance, type Chance } from './dialogue.js'
import { banking, calendar, clinic, flights, kitchen, orders, smartHome } from './trajectories-daily.js'
import { LONG_TRAJECTORIES } from './trajectories-long.js'
import { database, devices, files, hiring, repository, shipping, tickets } from './trajectories-work.js'

export { LONG_TRAJECTORIES } from './trajectories-long.js'

/** Hand-written dialogues with seeded values; each is valid by every rule. */
export const SCENARIOS: Readonly<Record<string, (chance: Chance) => Trajectory>> = {
  orders, flights, clinic, banking, calendar, kitchen, smartHome, tickets, files, devices, database, repository, hiring, shipping
}

/** `n` valid trajectories: the scenarios in turn, with values of their own each; the same for the same seed. */
export function validTrajectories (n: number, seed: number): Trajectory[] {
  const scenarios = Object.values(SCENARIOS)
  return Array.from({ length: n }, (_, index) => {
    const scenario = scenarios[index % scenarios.length] as (chance: Chance) => Trajectory
    return scenario(createChance(seed * 100_003 + index))
  })
}

/** All of it: the long ones, which are written out by hand, before `n` seeded ones. */
export function allTrajectories (n: number, seed: number): Trajectory[] {
  return [...LONG_TRAJECTORIES.map(trajectory => structuredClone(trajectory)), ...validTrajectories(n, seed)]
}
