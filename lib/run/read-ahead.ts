const AT_ONCE = 32

/** What `read` gives for each item, in their order; some are read ahead, never more than 32. */
export async function * readAhead<Item, Read> (items: AsyncIterable<Item> | Iterable<Item>, read: (item: Item) => Promise<Read>): AsyncGenerator<Read> {
  const ahead: Array<Promise<Read>> = []
  for await (const item of items) {
    const reading = read(item)
    // Whoever stops early leaves these; none may end the process.
    reading.catch(() => {})
    ahead.push(reading)
    if (ahead.length >= AT_ONCE) yield await (ahead.shift() as Promise<Read>)
  }
  for (const reading of ahead) yield await reading
}
