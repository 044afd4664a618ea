import type { SignedRecord } from '../action-store.ts';
import type { TaskKey } from '../digest.ts';
import type { StoreFailure } from '../failures.ts';
import { TemporaryFile } from '../local/temporary-file.ts';
import type { StoreFolder } from '../store.ts';
import { guarded } from '../system-error.ts';
import { signedPath } from './signed-record.ts';

/** Publishes a signed record, in place of what may be there. Answers the failure, if there was one. */
export function writeSignedRecord(
  folder: StoreFolder,
  { key, record, synced }: { readonly key: TaskKey; readonly record: SignedRecord; readonly synced: boolean },
): Promise<StoreFailure | undefined> {
  const path = signedPath(folder, key, record.fingerprint);
  return guarded<StoreFailure | undefined>(path, async () => {
    const dir = path.slice(0, path.lastIndexOf('/'));
    using temporary = await TemporaryFile.write(folder, dir, record.text);
    if (synced) temporary.syncNow();
    else temporary.leaveUnsynced();
    // What was there has just been found wanting, or is of the same member and outputs.
    if (synced) await temporary.renameTo(path);
    else await temporary.nameAs(path);
    return undefined;
  });
}

/** Publishes a signed record unless its signer has one there. Answers the failure, if there was one. */
export function addSignedRecord(
  folder: StoreFolder,
  { key, record }: { readonly key: TaskKey; readonly record: SignedRecord },
): Promise<StoreFailure | undefined> {
  const path = signedPath(folder, key, record.fingerprint);
  return guarded<StoreFailure | undefined>(path, async () => {
    using temporary = await TemporaryFile.write(folder, path.slice(0, path.lastIndexOf('/')), record.text);
    temporary.syncNow();
    temporary.linkTo(path);
    return undefined;
  });
}
