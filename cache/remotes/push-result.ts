import { stat } from 'node:fs/promises';
import { sameOutputs } from '../action-codec.ts';
import type { ActionResult, SignedRecord } from '../action-store.ts';
import type { Digest } from '../digest.ts';
import { hashFile } from '../local/hash-file.ts';
import { firstAnswer } from '../local/concurrently.ts';
import { readManifest } from '../local/local-artifact-store.ts';
import { blobPath } from '../local/store-folder.ts';
import { unverifiedResult } from '../signatures/signed-record.ts';
import type { Store } from '../store.ts';
import { guarded } from '../system-error.ts';
import type { PublishedFile, RemoteCall, RemoteFailure } from './remote.ts';
import type { SteadyRemote } from './steady-remote.ts';

export type PushedResult =
  | {
      readonly kind: 'pushed';
      /** Whether the remote had the result before. */
      readonly stood: boolean;
      readonly sentBlobs: number;
      readonly sentBytes: number;
    }
  /** Another result of the same key stands there. */
  | { readonly kind: 'differs' }
  /** It cannot be published whole: the manifest of an output is gone or damaged here. */
  | { readonly kind: 'incomplete'; readonly problem: string }
  | RemoteFailure;

/** How many blobs of a result go over at a time. */
const blobsAtOnce = 4;

/**
 * Brings a result to a remote: its files, then what lists them, and the result itself when all of that is there, so that nobody
 * finds a result whose bytes are still to come. Files whose bytes have been let go (`keep: until-used`) are left out, and
 * the result serves without them.
 */
export async function pushResult(
  {
    local,
    remote,
    signal,
  }: {
    readonly local: Store;
    readonly remote: SteadyRemote;
    readonly signal: AbortSignal;
  },
  result: ActionResult,
): Promise<PushedResult> {
  const call = { signal, onBytes: (): void => undefined };
  const listed = await filesOf(local, result);
  // What came from there without its bytes is there.
  if ('kind' in listed) return (await stands(remote, result, call)) ? alreadyThere : listed;
  const looked = await remote.forPush.hasBlobs([...new Set(listed.map(({ digest }) => digest))], call);
  if (looked.kind !== 'looked') return looked;
  const there = new Set(looked.present);
  let sentBlobs = 0;
  let sentBytes = 0;
  const bring = async ({ digest }: PublishedFile): Promise<RemoteFailure | undefined> => {
    if (there.has(digest)) return undefined;
    if (signal.aborted) return calledOff;
    for (const path of placesOf(local, digest)) {
      const sizeBytes = await sizeOfWhole(path, remote.checksUploads === true ? undefined : digest);
      if (sizeBytes === undefined) continue;
      const put = await remote.putBlob({ digest, sizeBytes, path }, call);
      if (put.kind === 'remote-failure' && put.reason === 'wrong-bytes') continue;
      if (put.kind === 'remote-failure') return put;
      there.add(digest);
      sentBlobs += 1;
      sentBytes += sizeBytes;
      return undefined;
    }
    return undefined;
  };
  for (const isList of [false, true]) {
    const wave = uniqueBlobs(listed.filter((file) => isManifest(result, file) === isList));
    const failure = await firstAnswer(wave, blobsAtOnce, bring);
    if (failure !== undefined) return failure;
  }
  const lacking = listed.find((file) => isManifest(result, file) && !there.has(file.digest));
  if (lacking !== undefined)
    return { kind: 'incomplete', problem: `${lacking.path} (${lacking.digest}) is gone or damaged here` };
  const files = listed.filter(({ digest }) => there.has(digest));
  const signed = await signaturesOf(local, result);
  const put = await remote.putAction({ result, files, ...(signed.length === 0 ? {} : { signed }) }, call);
  if (put.kind === 'remote-failure') return put;
  // Who demands signatures finds ours beside the other one.
  if (put.kind === 'exists' && !put.same && put.signed !== true) return { kind: 'differs' };
  return { kind: 'pushed', stood: put.kind === 'exists', sentBlobs, sentBytes };
}

/** Of those who have come to the same outputs. */
async function signaturesOf(local: Store, result: ActionResult): Promise<readonly SignedRecord[]> {
  const records = (await local.signedRecords?.(result.key)) ?? [];
  return records.filter(({ text }) => {
    const signed = unverifiedResult(text);
    return signed !== undefined && sameOutputs(signed, result);
  });
}

/** Where a blob may lie: here, or in the store below. */
function placesOf({ root, below, sharing }: Store, digest: Digest): readonly string[] {
  const roots = below === undefined ? [root] : [root, below];
  return roots.map((each) => blobPath({ root: each, sharing }, digest));
}

/** Undefined where the file is gone, or is not what `expected` says: what has gone bad is not handed on. */
async function sizeOfWhole(path: string, expected: Digest | undefined): Promise<number | undefined> {
  if (expected === undefined) {
    const found = await guarded(path, () => stat(path));
    return 'kind' in found ? undefined : found.size;
  }
  const read = await guarded(path, () => hashFile(path));
  return 'kind' in read || read.digest !== expected ? undefined : read.sizeBytes;
}

async function stands(remote: SteadyRemote, result: ActionResult, call: RemoteCall): Promise<boolean> {
  const found = await remote.forPush.getAction(result.key, call);
  return found.kind === 'found' && found.result.key === result.key && sameOutputs(found.result, result);
}

const alreadyThere: PushedResult = { kind: 'pushed', stood: true, sentBlobs: 0, sentBytes: 0 };

const calledOff: RemoteFailure = {
  kind: 'remote-failure',
  reason: 'timeout',
  detail: 'was called off',
};

/** All that a result stands for, manifests after their files. */
async function filesOf(
  local: Store,
  result: ActionResult,
): Promise<readonly PublishedFile[] | Extract<PushedResult, { readonly kind: 'incomplete' }>> {
  const files: PublishedFile[] = [];
  for (const [output, digest] of Object.entries(result.outputs)) {
    const found = await readManifest(local.blobs, digest);
    if (found.kind !== 'found')
      return { kind: 'incomplete', problem: `the manifest ${digest} of output '${output}' is not here` };
    for (const { path, size, sha256 } of found.manifest.files)
      files.push({ path: `outputs/${output}/${path}`, digest: sha256, sizeBytes: size });
    files.push({ path: `manifests/${output}.json`, digest, sizeBytes: await sizeOf(local, digest) });
  }
  const action = result.key as string as Digest;
  files.push({ path: 'action.json', digest: action, sizeBytes: await sizeOf(local, action) });
  const { log } = result.provenance;
  if (log !== undefined) files.push({ path: 'log.txt', digest: log, sizeBytes: await sizeOf(local, log) });
  return files;
}

async function sizeOf(local: Store, digest: Digest): Promise<number> {
  const read = await local.blobs.read(digest);
  return read.kind === 'found' ? read.bytes.byteLength : 0;
}

function isManifest(result: ActionResult, { digest }: PublishedFile): boolean {
  return Object.values(result.outputs).includes(digest);
}

function uniqueBlobs(files: readonly PublishedFile[]): readonly PublishedFile[] {
  return [...new Map(files.map((file) => [file.digest, file])).values()];
}
