/**
 * Runs `action` on every item, at most `limit` at a time, until one answers something: the first answer is returned,
 * once what had begun has ended. A throw stops it likewise and is thrown on.
 */
export async function firstAnswer<Item, Answer>(
  items: Iterable<Item>,
  limit: number,
  action: (item: Item) => Promise<Answer | undefined>,
): Promise<Answer | undefined> {
  const iterator = items[Symbol.iterator]();
  let stopped = false;
  let answer: Answer | undefined;
  const work = async (): Promise<void> => {
    for (let next = iterator.next(); !stopped && next.done !== true; next = iterator.next()) {
      try {
        const found = await action(next.value);
        if (found === undefined) continue;
        answer ??= found;
        stopped = true;
      } catch (error) {
        stopped = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: limit }, work));
  for (const outcome of ended) if (outcome.status === 'rejected') throw outcome.reason;
  return answer;
}
