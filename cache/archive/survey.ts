import type { ActionResult, SignedRecord } from '../action-store.ts';
import type { Digest, TaskKey } from '../digest.ts';
import type { StoreFailure } from '../failures.ts';
import { allSignedRecords } from '../signatures/all-signed-records.ts';
import type { Store } from '../store.ts';

/** One result with all that it stands for. */
export interface SurveyedResult {
  readonly result: ActionResult;
  readonly signatures: readonly SignedRecord[];
  readonly outputs: readonly SurveyedOutput[];
  /** Of what is there: action, log, files, manifests. Each digest once. */
  readonly blobs: ReadonlyMap<Digest, number>;
  /** Files (or the log) that have been let go. */
  readonly lacking: readonly Digest[];
}

export interface SurveyedOutput {
  readonly output: string;
  readonly manifest: Digest;
  readonly files: readonly { readonly path: string; readonly size: number; readonly sha256: Digest }[];
}

export type Survey =
  | { readonly kind: 'surveyed'; readonly surveyed: SurveyedResult }
  /** Without these a result tells nothing: they are gone, or damaged. */
  | { readonly kind: 'gone'; readonly what: string }
  | StoreFailure;

/** Looks what of a result is in the store. Files count by their existence alone. */
export async function surveyResult(store: Store, key: TaskKey): Promise<Survey> {
  const found = await store.actions.get(key);
  if (found.kind === 'store-failure') return found;
  if (found.kind !== 'found') return { kind: 'gone', what: 'its result' };
  const { result } = found;
  const blobs = new Map<Digest, number>();
  const lacking: Digest[] = [];
  const action = await sizeOf(store, key as string as Digest);
  if (typeof action === 'object') return action;
  if (action === undefined) return { kind: 'gone', what: 'the text of its action' };
  blobs.set(key as string as Digest, action);
  const { log } = result.provenance;
  const logBytes = log === undefined ? undefined : await sizeOf(store, log);
  if (typeof logBytes === 'object') return logBytes;
  if (log !== undefined && logBytes === undefined) lacking.push(log);
  else if (log !== undefined) blobs.set(log, logBytes ?? 0);
  const outputs: SurveyedOutput[] = [];
  for (const [output, manifest] of Object.entries(result.outputs)) {
    const read = await store.artifacts.manifest(manifest);
    if (read.kind === 'store-failure') return read;
    if (read.kind !== 'found') return { kind: 'gone', what: `the manifest of its output '${output}'` };
    for (const { sha256, size } of read.manifest.files) {
      if (await store.blobs.has(sha256)) blobs.set(sha256, size);
      else lacking.push(sha256);
    }
    const size = await sizeOf(store, manifest);
    if (typeof size === 'object') return size;
    blobs.set(manifest, size ?? 0);
    outputs.push({ output, manifest, files: read.manifest.files });
  }
  const signatures = await allSignedRecords(store, key);
  if ('kind' in signatures) return signatures;
  return { kind: 'surveyed', surveyed: { result, signatures, outputs, blobs, lacking } };
}

/** Of a small blob, which is read; undefined where it is not there, or damaged. */
async function sizeOf(store: Store, digest: Digest): Promise<number | undefined | StoreFailure> {
  const read = await store.blobs.read(digest);
  if (read.kind === 'store-failure') return read;
  return read.kind === 'found' ? read.bytes.byteLength : undefined;
}
