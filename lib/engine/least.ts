import { Heap } from '@datastructures-js/heap'

/** The smallest of any number of values; holds at most as many as it was made for. */
export interface Least<T> {
  readonly size: number
  /** Takes a value in. Gives the one that has no place any more, which may be this one; undefined while there is room. */
  offer (value: T): T | undefined
  /** What is held, smallest first. */
  sorted (): T[]
}

/** Keeps the `most` smallest values by `compare`, which must not call two of them equal: then the order of coming does not matter. */
export function createLeast<T> (most: number, compare: (one: T, other: T) => number): Least<T> {
  const heap = new Heap<T>((one, other) => compare(other, one))
  return {
    get size () { return heap.size() },
    offer (value) {
      if (heap.size() < most) {
        heap.push(value)
        return undefined
      }
      const greatest = heap.root()
      if (greatest === null || compare(value, greatest) >= 0) return value
      heap.pop()
      heap.push(value)
      return greatest
    },
    sorted: () => heap.toArray().sort(compare)
  }
}
