import { statSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from '../../../cache/digest.ts';
import type { JsonObject } from '../../../cache/json.ts';
import type { InputData } from '../../../engine/contract/task-context.ts';
import { dataAdapters } from '../../../tasks/data/registry.ts';

/** A data set as the engine would hand it to a worker. */
export async function listedData(
  adapter: string,
  root: string,
  { options = {}, part }: { readonly options?: JsonObject; readonly part?: string } = {},
): Promise<InputData> {
  const listing = await dataAdapters.find((each) => each.adapter === adapter)!.list({ root, options, part });
  if (listing.kind !== 'listed') throw new Error(listing.message);
  const files = listing.paths.map((path) => {
    const { size, mtimeMs } = statSync(join(root, path));
    return { path, size, mtimeMs };
  });
  return { adapter, options, root, part, digest: digestOf(root), facts: {}, files };
}
