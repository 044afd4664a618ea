import { existsSync, readFileSync } from 'node:fs';
import { canonicalJson } from './canonical-json.ts';
import type { TaskKey } from './digest.ts';
import type { Origin } from './origin.ts';
import { openSealedText, sealText } from './local/sealed-text.ts';
import { folderPath } from './local/store-folder.ts';
import { TemporaryFile } from './local/temporary-file.ts';
import type { StoreFolder } from './store.ts';
import { errorCode, guarded } from './system-error.ts';

// Where results came from, a file a result in `index/origins/`. Nothing depends on them.

/** Best effort: a store that may only be read remembers none. */
export async function rememberOrigin(
  folder: StoreFolder,
  key: TaskKey,
  { kind, name }: Origin,
): Promise<void> {
  const path = originPath(folder, key);
  await guarded(path, async () => {
    const text = sealText(`${canonicalJson({ format: 1, [kind]: name })}\n`);
    using file = await TemporaryFile.write(folder, path.slice(0, path.lastIndexOf('/')), text);
    file.leaveUnsynced();
    await file.nameAs(path);
  });
}

/** Where a result came from; undefined for what was computed here, as far as is known. */
export function originOf(folder: StoreFolder, key: TaskKey): Origin | undefined {
  const path = originPath(folder, key);
  // Most came from nowhere, and an error takes longer to make than a look at the name.
  if (!existsSync(path)) return undefined;
  try {
    const text = openSealedText(readFileSync(path, 'utf8'));
    const { remote, archive } = (text === undefined ? {} : JSON.parse(text)) as {
      readonly [kind in Origin['kind']]?: unknown;
    };
    if (typeof remote === 'string') return { kind: 'remote', name: remote };
    return typeof archive === 'string' ? { kind: 'archive', name: archive } : undefined;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}

function originPath(folder: StoreFolder, key: TaskKey): string {
  return `${folderPath(folder, 'index')}/origins/${key}`;
}
