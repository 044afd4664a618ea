import { stat } from 'node:fs/promises';
import { listActionKeys, localActionStore } from '../../local/local-action-store.ts';
import { actionPath } from '../../local/store-folder.ts';
import type { Store } from '../../store.ts';
import { errorCode } from '../../system-error.ts';
import type { StoreFailure } from '../../failures.ts';
import type { Checked } from './checked.ts';

/**
 * Every action result, by its own file. The index may hold an undamaged copy of a damaged one, which runs go on to be
 * served: that is then put in its place.
 */
export async function* checkResults(
  store: Store,
  signal?: AbortSignal,
): AsyncGenerator<Checked | StoreFailure> {
  // The files themselves, whoever has signed them.
  const results = localActionStore(store);
  for await (const key of listActionKeys(store)) {
    signal?.throwIfAborted();
    const path = actionPath(store, key);
    const bytes = await sizeOf(path);
    // Before the file is moved: the index vouches for a folder that nobody has touched.
    const copy = results.peek(key);
    const found = await results.get(key);
    switch (found.kind) {
      case 'store-failure':
        yield found;
        return;
      case 'absent':
        break;
      case 'found':
        yield { what: 'result', bytes };
        break;
      case 'corrupt': {
        const { movedTo } = found;
        const restored = copy !== undefined && (await results.put(copy)).kind === 'stored';
        const wayOut = restored
          ? 'the copy that the index had is in its place now'
          : 'the next run that needs it makes it anew';
        yield { what: 'result', bytes, finding: { path, problem: 'is damaged', movedTo, wayOut } };
      }
    }
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return 0;
  }
}
