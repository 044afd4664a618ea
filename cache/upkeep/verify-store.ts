import type { StoreFailure } from '../failures.ts';
import type { Store } from '../store.ts';
import { guarded } from '../system-error.ts';
import { checkBlobs } from './verify/check-blobs.ts';
import { checkClaims } from './verify/check-claims.ts';
import { checkIndices } from './verify/check-indices.ts';
import { checkPins } from './verify/check-pins.ts';
import { checkResults } from './verify/check-results.ts';
import { checkSignatures } from './verify/check-signatures.ts';
import { checkSnapshots } from './verify/check-snapshots.ts';
import type { Checked, Finding, StorePart } from './verify/checked.ts';
import type { Tally } from './tally.ts';

export interface VerifyRequest {
  readonly store: Store;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: { readonly files: number; readonly bytes: number }) => void;
}

export interface VerifyReport {
  readonly kind: 'verified';
  /** What was read, the bad included. */
  readonly read: ReadonlyMap<StorePart, Tally>;
  readonly findings: readonly (Finding & { readonly what: StorePart })[];
}

/**
 * Reads everything in the store but the records of runs, which the engine knows how to read. What is bad is named, and
 * moved aside, mended or removed where that harms nobody, so that it is absent or right.
 */
export function verifyStore(request: VerifyRequest): Promise<VerifyReport | StoreFailure> {
  return guarded<VerifyReport | StoreFailure>(request.store.root, () => verify(request));
}

async function verify({ store, signal, onProgress }: VerifyRequest): Promise<VerifyReport | StoreFailure> {
  const read = new Map<StorePart, Tally>();
  const findings: (Finding & { readonly what: StorePart })[] = [];
  let files = 0;
  let bytes = 0;
  for await (const checked of checkAll(store, signal)) {
    if ('kind' in checked) return checked;
    const { what, finding } = checked;
    const before = read.get(what) ?? { count: 0, bytes: 0 };
    read.set(what, { count: before.count + 1, bytes: before.bytes + checked.bytes });
    if (finding !== undefined) findings.push({ what, ...finding });
    onProgress?.({ files: ++files, bytes: (bytes += checked.bytes) });
  }
  return { kind: 'verified', read, findings };
}

async function* checkAll(store: Store, signal?: AbortSignal): AsyncGenerator<Checked | StoreFailure> {
  // Before results are touched: a copy counts while nobody has changed the folder that it is of.
  yield* checkIndices(store, signal);
  yield* checkResults(store, signal);
  yield* checkSignatures(store, signal);
  yield* checkBlobs(store, signal);
  yield* checkSnapshots(store, signal);
  yield* checkClaims(store);
  yield* checkPins(store);
}
