/** What `read` gives for each index, in order, with the next few under way: images decode while others are computed. */
export async function* readAhead<T>(
  indices: Iterable<number>,
  read: (index: number) => Promise<T>,
  ahead = 4,
): AsyncGenerator<T> {
  const waiting: Promise<T>[] = [];
  for (const index of indices) {
    const reading = read(index);
    // A failure is met where the image's turn comes, or not at all where an earlier one ended everything.
    reading.catch(() => undefined);
    waiting.push(reading);
    if (waiting.length > ahead) yield await waiting.shift()!;
  }
  for (const reading of waiting) yield await reading;
}
