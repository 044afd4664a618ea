import { readFile } from 'node:fs/promises';
import { canonicalJson } from '../canonical-json.ts';
import { digestOf } from '../digest.ts';
import type { StoreFailure } from '../failures.ts';
import { listBlobs } from '../local/list-blobs.ts';
import { folderPath } from '../local/store-folder.ts';
import { TemporaryFile } from '../local/temporary-file.ts';
import type { StoreFolder } from '../store.ts';
import { errorCode, guarded } from '../system-error.ts';

/** How much the blobs of a store hold, and when they were counted. */
export interface Usage {
  readonly kind: 'usage';
  readonly bytes: number;
  readonly atMs: number;
}

/**
 * How much the blobs of a store hold: as was counted within the last `withinMs`, or counted now, which takes a look at every
 * file. What is trusted of another's count is a warning's worth.
 */
export async function storeUsage(
  folder: StoreFolder,
  { withinMs, nowMs = Date.now() }: { readonly withinMs: number; readonly nowMs?: number },
): Promise<Usage | StoreFailure> {
  const known = await remembered(folder);
  if (known !== undefined && known.atMs <= nowMs && nowMs - known.atMs < withinMs) return known;
  return await guarded<Usage | StoreFailure>(folder.root, async () => {
    let bytes = 0;
    for await (const { sizeBytes } of listBlobs(folder)) bytes += sizeBytes;
    await rememberUsage(folder, { bytes, atMs: nowMs });
    return { kind: 'usage', bytes, atMs: nowMs };
  });
}

/** Writes a count down for the next who asks. Best effort: a store that is full, or may only be read, does without. */
export async function rememberUsage(
  folder: StoreFolder,
  { bytes, atMs }: Pick<Usage, 'bytes' | 'atMs'>,
): Promise<void> {
  await guarded(folder.root, async () => {
    const body = `${canonicalJson({ format: 1, bytes, atMs })}\n`;
    const index = folderPath(folder, 'index');
    using temporary = await TemporaryFile.write(folder, index, `${body}${digestOf(body)}\n`);
    temporary.leaveUnsynced();
    await temporary.nameAs(usagePath(folder));
  });
}

async function remembered(folder: StoreFolder): Promise<Usage | undefined> {
  try {
    const [line = '', seal] = (await readFile(usagePath(folder), 'utf8')).split('\n');
    if (digestOf(`${line}\n`) !== seal) return undefined;
    const { format, bytes, atMs } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    return format === 1 && typeof bytes === 'number' && typeof atMs === 'number'
      ? { kind: 'usage', bytes, atMs }
      : undefined;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}

function usagePath(folder: StoreFolder): string {
  return `${folderPath(folder, 'index')}/usage`;
}
