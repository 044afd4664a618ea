import { unlinkSync } from 'node:fs';
import type { TaskKey } from '../digest.ts';
import type { StoreFolder } from '../store.ts';
import { errorCode } from '../system-error.ts';
import { claimPath, encodeClaim, parseClaimName, readClaim } from './claim-record.ts';
import type { ClaimRecord, FoundRecord } from './claim-record.ts';
import { namesNow } from './names-in.ts';
import { folderPath } from './store-folder.ts';
import { TemporaryFile } from './temporary-file.ts';

type Answer<T> = T | Promise<T>;

/** The files that claims on one key are made of. Each call is one step: others may take theirs between any two. */
export interface ClaimFiles {
  /** Makes the claim of this number, whole at once, unless there is one. Answers whether it did. */
  make(number: number, record: ClaimRecord): Answer<boolean>;
  /** The numbers that are there, in any order. Of what comes or goes meanwhile, any part. */
  numbers(): Answer<readonly number[]>;
  /** Undefined where there is none (any more). */
  read(number: number): Answer<FoundRecord | undefined>;
  /** Whatever is there under this number. Best effort: a claim that stays behind is taken over in time. */
  remove(number: number): Answer<void>;
}

export function localClaimFiles(folder: StoreFolder, key: TaskKey): ClaimFiles {
  const claims = folderPath(folder, 'claims');
  const pathOf = (number: number): string => claimPath(folder, key, number);
  return {
    // Not synced: a power cut ends the owner, and with it the claim, whose boot is then over. Should it leave the file
    // empty, that is nobody's claim.
    async make(number, record) {
      using temporary = await TemporaryFile.write(folder, claims, encodeClaim(record));
      temporary.leaveUnsynced();
      return temporary.nameUnlessTaken(pathOf(number));
    },
    numbers() {
      const names = namesNow(claims).filter((name) => name.startsWith(`${key}.`));
      return names.flatMap((name) => parseClaimName(name)?.number ?? []);
    },
    read: (number) => readClaim(pathOf(number)),
    remove: (number) => removeFile(pathOf(number)),
  };
}

/** Nothing is made of a failure. */
export function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}
