import type { StoreFailure } from '../cache/failures.ts';
import { complain } from './io.ts';
import type { Io } from './io.ts';

/** Says that the store cannot be used, where, and what to do about it. */
export function complainOfStore(io: Io, { path, reason, detail }: StoreFailure): void {
  complain(io, `the store cannot be used at ${path}: ${detail}`, wayOut(reason));
}

function wayOut(reason: StoreFailure['reason']): string {
  switch (reason) {
    case 'no-space':
      return 'make room (sweetspot cache gc removes what no recent run needs), or name another folder with --cache DIR';
    case 'permission':
      return 'its files belong to somebody else, or may not be written: use it as a reader (--read-only), mend that, or name another folder with --cache DIR';
    case 'read-only':
      return 'its disk can only be read: name another folder with --cache DIR';
    case 'io':
      return 'is this the folder you meant? sweetspot doctor looks at its file system; --cache DIR names another';
  }
}
