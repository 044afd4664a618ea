import type { ActionStore } from '../action-store.ts';
import type { TaskKey } from '../digest.ts';

/**
 * Results of one's own, over those of a store that is only read: there a result stands unless one's own store has one.
 * `isOwn`: whether one's own has a file for the key, by existence alone.
 */
export function layeredActionStore(layers: {
  readonly own: ActionStore;
  readonly below: ActionStore;
  readonly isOwn: (key: TaskKey) => boolean;
}): ActionStore {
  const { own, below, isOwn } = layers;
  return {
    peek(key) {
      const found = own.peek(key);
      if (found !== undefined) return found;
      const under = below.peek(key);
      return under !== undefined && !isOwn(key) ? under : undefined;
    },
    async get(key, options) {
      const found = await own.get(key, options);
      if (found.kind === 'found' || found.kind === 'store-failure') return found;
      const under = await below.get(key, options);
      // What is damaged or closed below is made anew, on top.
      return under.kind === 'found' ? under : found;
    },
    put: (result, options) => own.put(result, options),
    async *list() {
      const seen = new Set<TaskKey>();
      for (const store of [own, below]) {
        for await (const result of store.list()) {
          if (seen.has(result.key)) continue;
          seen.add(result.key);
          yield result;
        }
      }
    },
    refresh: () => own.refresh(),
    mark: (keys) => own.mark(keys),
    // What changes below is not ours to notice: all are looked at, one by one.
    changedSince: (mark) => new Set(Object.keys(mark)),
  };
}
