import type { SignedRecord } from '../action-store.ts';
import { stat } from 'node:fs/promises';
import { decodeActionResult } from '../action-codec.ts';
import type { Digest, TaskKey } from '../digest.ts';
import type { StoreFailure } from '../failures.ts';
import { BlobBatch } from '../local/blob-batch.ts';
import { FileCopier } from '../local/copy-file.ts';
import { firstAnswer } from '../local/concurrently.ts';
import { localActionStore } from '../local/local-action-store.ts';
import { actionPath, blobPath } from '../local/store-folder.ts';
import { readSettings } from '../local/store-settings.ts';
import type { SettingsResult } from '../local/store-settings.ts';
import { largestSignedBytes, signedPath, unverifiedResult } from '../signatures/signed-record.ts';
import { writeSignedRecord } from '../signatures/write-signed-record.ts';
import type { StoreFolder } from '../store.ts';
import { guarded, isMissing } from '../system-error.ts';
import { readBounded } from './read-bounded.ts';
import type {
  BlobDownload,
  DownloadedBlob,
  PublishedAction,
  Remote,
  RemoteAction,
  RemoteCall,
  RemoteFailure,
  Uploaded,
} from './remote.ts';
import { damagedHere } from './upload-failures.ts';

/** An action result is some hundred bytes. */
const largestResultBytes = 4 * 1024 * 1024;

/**
 * Another store's folder, on a disk or a mount of this machine. It is read as it lies there: what is damaged is left to its
 * owners. One that is not there is never made: a file system that is not mounted would be shadowed by it.
 */
export function directoryRemote(root: string): Remote {
  const copier = new FileCopier();
  const inFolder = async <T>(action: (folder: StoreFolder) => Promise<T>): Promise<T | RemoteFailure> => {
    const tried = await guarded(root, async () => {
      const found = await readSettings(root);
      if (found.kind !== 'read') return { answer: unusable(root, found) };
      return { answer: await action({ root, ...found.settings }) };
    });
    return 'answer' in tried ? tried.answer : remoteFailure(tried);
  };
  return {
    checksUploads: true,
    getAction: (key, _call, signers = []) => inFolder((folder) => readResult(folder, key, signers)),
    getBlob: (request, call) => inFolder((folder) => copyOut({ folder, copier }, request, call)),
    hasBlobs: (digests, { onBytes }) =>
      inFolder(async (folder) => {
        const present = new Set<Digest>();
        await firstAnswer(digests, 8, async (digest) => {
          if ((await sizeOf(blobPath(folder, digest))) !== undefined) present.add(digest);
          onBytes(1024);
          return undefined;
        });
        return { kind: 'looked', present };
      }),
    putBlob: ({ path, digest }, { onBytes, pace }) =>
      inFolder(async (folder) => {
        using batch = new BlobBatch(folder, copier);
        const added = await batch.addFile(path, { onBytes, pace });
        if (added.digest !== digest) return damagedHere;
        await batch.publish();
        return { kind: 'stored' };
      }),
    putAction: (published) => inFolder((folder) => addResult(folder, published)),
  };
}

async function readResult(
  folder: StoreFolder,
  key: TaskKey,
  signers: readonly string[],
): Promise<RemoteAction> {
  const signed: SignedRecord[] = [];
  for (const fingerprint of signers) {
    const read = await readBounded(signedPath(folder, key, fingerprint), largestSignedBytes);
    if (read !== undefined && 'text' in read) signed.push({ fingerprint, text: read.text });
  }
  const read = await readBounded(actionPath(folder, key), largestResultBytes);
  if (read === undefined && signed.length === 0) return { kind: 'absent' };
  const plain = read !== undefined && 'text' in read ? decodeActionResult(read.text) : undefined;
  const result = plain ?? signed.map(({ text }) => unverifiedResult(text)).find((each) => each !== undefined);
  return result === undefined
    ? { kind: 'malformed', problem: 'is damaged' }
    : {
        kind: 'found',
        result,
        ...(signed.length === 0 ? {} : { signed }),
        ...(folder.signed === true ? { demandsSignatures: true } : {}),
      };
}

async function addResult(folder: StoreFolder, { result, signed = [] }: PublishedAction): Promise<Uploaded> {
  const put = await localActionStore(folder).put(result);
  if (put.kind === 'store-failure') return remoteFailure(put);
  for (const record of signed) {
    const failure = await writeSignedRecord(folder, { key: result.key, record, synced: true });
    if (failure !== undefined) return remoteFailure(failure);
  }
  return put.kind === 'stored' ? put : { kind: 'exists', same: put.same, signed: signed.length > 0 };
}

/** The length is looked at first; the digest is that of what arrived. */
async function copyOut(
  { folder, copier }: { readonly folder: StoreFolder; readonly copier: FileCopier },
  { digest, path, mostBytes }: BlobDownload,
  { onBytes, pace }: RemoteCall,
): Promise<DownloadedBlob> {
  const source = blobPath(folder, digest);
  const sizeBytes = await sizeOf(source);
  if (sizeBytes === undefined) return { kind: 'absent' };
  if (sizeBytes > mostBytes) return { kind: 'malformed', problem: `is of ${sizeBytes} bytes` };
  const copied = await guarded(path, async () => ({
    content: await copier.copy({ source, target: path, mode: 0o444, willBeSynced: true, onBytes, pace }),
  }));
  if ('content' in copied) return { kind: 'received', ...copied.content };
  // Removed by its owners between the look and the copy.
  if ((await sizeOf(source)) === undefined) return { kind: 'absent' };
  return copied.path === source ? remoteFailure(copied) : copied;
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function unusable(root: string, found: Exclude<SettingsResult, { readonly kind: 'read' }>): RemoteFailure {
  const detail =
    found.kind === 'incompatible'
      ? found.message
      : `there is no store at ${root} (it has no store.json): is it mounted?`;
  return { kind: 'remote-failure', reason: 'unreachable', detail };
}

function remoteFailure({ reason, path, detail }: StoreFailure): RemoteFailure {
  const refused = reason === 'permission' || reason === 'read-only';
  return {
    kind: 'remote-failure',
    reason: refused ? 'refused' : 'failed',
    detail: detail.includes(path) ? detail : `${path}: ${detail}`,
  };
}
