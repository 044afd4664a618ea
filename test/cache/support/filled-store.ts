import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ActionResult } from '../../../cache/action-store.ts';
import { taskKeyOf } from '../../../cache/digest.ts';
import type { Digest } from '../../../cache/digest.ts';
import type { Store } from '../../../cache/store.ts';
import { actionResult } from './action-results.ts';
import { temporaryFolder } from './temporary-store.ts';

export interface FilledResult {
  readonly result: ActionResult;
  /** Of its one output. */
  readonly artifact: Digest;
  readonly files: ReadonlyMap<string, Digest>;
}

/** Stores a whole result: the files of its output, their manifest, its action, its log, and the result. */
export async function fill(
  store: Store,
  name: string,
  content: Readonly<Record<string, string | Buffer>>,
): Promise<FilledResult> {
  const dir = await temporaryFolder();
  for (const [path, bytes] of Object.entries(content)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), bytes);
  }
  const tree = await store.artifacts.putTree(dir);
  const action = await store.blobs.putBytes(`{"action":"${name}"}`);
  const log = await store.blobs.putBytes(`${name} says`);
  if (tree.kind !== 'stored' || action.kind !== 'stored' || log.kind !== 'stored')
    throw new Error('the store does not take it');
  const sketch = actionResult(name);
  const result: ActionResult = {
    ...sketch,
    key: taskKeyOf(action.digest),
    outputs: { out: tree.digest },
    provenance: { ...sketch.provenance, log: log.digest },
  };
  const put = await store.actions.put(result);
  if (put.kind !== 'stored') throw new Error(put.kind);
  const files = new Map(tree.manifest.files.map(({ path, sha256 }) => [path, sha256]));
  return { result, artifact: tree.digest, files };
}
