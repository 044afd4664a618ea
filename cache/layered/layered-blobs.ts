import type { AbsentOrCorrupt, BlobStore } from '../blob-store.ts';
import type { StoreFailure } from '../failures.ts';

/** Blobs of one's own, over those of a store that is only read. What is put goes to one's own alone. */
export function layeredBlobStore(own: BlobStore, below: BlobStore): BlobStore {
  return {
    ...own,
    has: async (digest) => (await own.has(digest)) || (await below.has(digest)),
    read: (digest) =>
      firstFound(
        () => own.read(digest),
        () => below.read(digest),
      ),
    copyTo: (digest, path) =>
      firstFound(
        () => own.copyTo(digest, path),
        () => below.copyTo(digest, path),
      ),
    async *list() {
      const seen = new Set<string>();
      for (const store of [own, below]) {
        for await (const blob of store.list()) {
          if (seen.has(blob.digest)) continue;
          seen.add(blob.digest);
          yield blob;
        }
      }
    },
  };
}

type Answer<T> = T | AbsentOrCorrupt | StoreFailure;

/** What is below is asked where one's own has none; whatever is wrong there costs a computation, never a run. */
async function firstFound<T extends { readonly kind: 'found' | 'copied' }>(
  own: () => Promise<Answer<T>>,
  below: () => Promise<Answer<T>>,
): Promise<Answer<T>> {
  const first = await own();
  if (first.kind !== 'absent' && first.kind !== 'corrupt') return first;
  const second = await below();
  return second.kind === 'found' || second.kind === 'copied' ? second : first;
}
