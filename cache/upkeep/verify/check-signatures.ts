import { stat } from 'node:fs/promises';
import { moveAside } from '../../local/quarantine.ts';
import { readBounded } from '../../remotes/read-bounded.ts';
import { listSigned } from '../../signatures/list-signed.ts';
import type { SignedName } from '../../signatures/list-signed.ts';
import { fingerprint } from '../../signatures/signature.ts';
import { largestSignedBytes, readSigned } from '../../signatures/signed-record.ts';
import type { Store } from '../../store.ts';
import type { Checked } from './checked.ts';

/** Every signed record: that it is what its signer has signed, for that key. Whether the signer is believed is another matter. */
export async function* checkSignatures(store: Store, signal?: AbortSignal): AsyncGenerator<Checked> {
  for await (const record of listSigned(store)) {
    signal?.throwIfAborted();
    const { path } = record;
    const read = await readBounded(path, largestSignedBytes);
    if (read === undefined) continue;
    const bytes = 'text' in read ? Buffer.byteLength(read.text) : read.sizeBytes;
    if ('text' in read && isRight(record, read.text)) yield { what: 'signed result', bytes };
    else {
      const movedTo = await moveAside(store, path, (await stat(path)).ino);
      const problem = 'is not what its signer has signed for this task';
      const wayOut =
        'whoever demands signatures computes the task again; was it changed by hand, or by somebody else?';
      yield { what: 'signed result', bytes, finding: { path, problem, movedTo, wayOut } };
    }
  }
}

function isRight({ key, fingerprint: named }: SignedName, text: string): boolean {
  const read = readSigned(text, key);
  return read !== undefined && fingerprint(read.signer) === named;
}
