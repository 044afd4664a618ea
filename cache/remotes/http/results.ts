import { decodeActionResult, encodeActionResult, sameOutputs } from '../../action-codec.ts';
import type { ActionResult, SignedRecord } from '../../action-store.ts';
import { digestOf } from '../../digest.ts';
import type { TaskKey } from '../../digest.ts';
import type { PublishedAction, RemoteAction, RemoteCall, RemoteFailure, Uploaded } from '../remote.ts';
import { decodeActionMessage, encodeActionMessage } from './action-message.ts';
import type { ActionMessage, OutputFile } from './action-message.ts';

/** Our own record of a result, among the files that its message lists. */
const recordPath = 'result.json';
/** Records that members have signed, each under the fingerprint of its key. */
const signedFolder = 'signed/';

/** Where messages lie, and the blobs that they carry: a server of the protocol, or a bucket. */
export interface MessagePlace {
  /** What lies under `ac/KEY` or `cas/SHA256`. */
  readonly read: (name: string, call: RemoteCall) => Promise<ReadBytes | NoMessage>;
  /** `isFirst`: only where nothing lies there, as far as the place can say so. */
  readonly put: (
    file: { readonly name: string; readonly bytes: Uint8Array; readonly isFirst: boolean },
    call: RemoteCall,
  ) => Promise<{ readonly kind: 'stored' } | Beaten | RemoteFailure>;
}

export type ReadBytes = { readonly kind: 'read'; readonly bytes: Uint8Array };
/** Somebody else's came a moment before. */
export type Beaten = { readonly kind: 'beaten' };

type Standing = { readonly kind: 'read'; readonly message: ActionMessage } | NoMessage;
export type NoMessage = Exclude<RemoteAction, { readonly kind: 'found' }>;

/** What stands for a key, as the server has it. */
export async function readMessage(place: MessagePlace, key: TaskKey, call: RemoteCall): Promise<Standing> {
  const read = await place.read(`ac/${key}`, call);
  if (read.kind !== 'read') return read;
  const message = decodeActionMessage(read.bytes);
  return message === undefined
    ? { kind: 'malformed', problem: 'is no result of ours' }
    : { kind: 'read', message };
}

export async function readResult(
  place: MessagePlace,
  { key, signers = [] }: { readonly key: TaskKey; readonly signers: readonly string[] | undefined },
  call: RemoteCall,
): Promise<RemoteAction> {
  const standing = await readMessage(place, key, call);
  if (standing.kind !== 'read') return standing;
  const { outputFiles } = standing.message;
  const result = await readRecord(place, outputFiles, call);
  if ('kind' in result) return result;
  const signed: SignedRecord[] = [];
  for (const fingerprint of signers) {
    const file = outputFiles.find(({ path }) => path === `${signedFolder}${fingerprint}`);
    const read = file === undefined ? undefined : await contentsOf(place, file, call);
    if (read?.kind === 'remote-failure') return read;
    if (read?.kind === 'read') signed.push({ fingerprint, text: Buffer.from(read.bytes).toString('utf8') });
  }
  return { kind: 'found', result, ...(signed.length === 0 ? {} : { signed }) };
}

async function readRecord(
  place: MessagePlace,
  files: readonly OutputFile[],
  call: RemoteCall,
): Promise<ActionResult | NoMessage> {
  const record = files.find(({ path }) => path === recordPath);
  if (record === undefined) return { kind: 'malformed', problem: 'is no result of ours' };
  const read = await contentsOf(place, record, call);
  if (read.kind !== 'read') return read;
  const result = decodeActionResult(Buffer.from(read.bytes).toString('utf8'));
  return result ?? { kind: 'malformed', problem: 'has a damaged record' };
}

/** A small file of a message, which carries it unless the server has taken it out. */
async function contentsOf(
  place: MessagePlace,
  { contents, digest }: OutputFile,
  call: RemoteCall,
): Promise<{ readonly kind: 'read'; readonly bytes: Uint8Array } | NoMessage> {
  if (contents !== undefined && digestOf(contents) === digest) return { kind: 'read', bytes: contents };
  const read = await place.read(`cas/${digest}`, call);
  if (read.kind !== 'read' || digestOf(read.bytes) === digest) return read;
  return { kind: 'malformed', problem: 'has a damaged record' };
}

/**
 * Publishes a result, unless one stands: that one is added to, where members have signed something that it lacks. The protocol knows no
 * "unless there is one", and servers that do not heed the header have to be asked before; where two add at a time, one may be lost, and
 * comes with its next push.
 */
export async function addResult(
  place: MessagePlace,
  { published, standing }: { readonly published: PublishedAction; readonly standing: Standing },
  call: RemoteCall,
): Promise<Uploaded | Beaten> {
  const { result, files, signed = [] } = published;
  const there = standing.kind === 'read' ? standing.message : undefined;
  const first = there && (await readRecord(place, there.outputFiles, call));
  if (first !== undefined && 'kind' in first && first.kind === 'remote-failure') return first;
  const isOurs = first !== undefined && !('kind' in first) && first.key === result.key;
  if (!isOurs || there === undefined) {
    const record = fileOf(recordPath, encodeActionResult(result));
    const fresh = messageOf(published, [record, ...signed.map(signedFile)]);
    // What is no result of this key may be overwritten.
    const isFirst = standing.kind === 'absent';
    return await putMessage(place, { key: result.key, message: fresh, isFirst }, call);
  }
  const lacking = signed
    .map(signedFile)
    .filter(
      ({ path, digest }) => !there.outputFiles.some((each) => each.path === path && each.digest === digest),
    );
  const same = sameOutputs(first, result);
  if (lacking.length === 0) return { kind: 'exists', same, signed: signed.length > 0 };
  const kept = there.outputFiles.filter(({ path }) => !lacking.some((each) => each.path === path));
  const known = new Set(kept.map(({ digest }) => digest));
  const taken = new Set(kept.map(({ path }) => path));
  const more = files
    .filter(({ digest }) => !known.has(digest))
    .map((file) =>
      taken.has(file.path) ? { ...file, path: `${lacking[0]!.path}.files/${file.path}` } : file,
    );
  const message = { ...there, outputFiles: [...kept, ...more, ...lacking] };
  const added = await putMessage(place, { key: result.key, message, isFirst: false }, call);
  return added.kind === 'stored' ? { kind: 'exists', same, signed: true } : added;
}

function messageOf({ result, files }: PublishedAction, own: readonly OutputFile[]): ActionMessage {
  const stdout = files.find(({ digest }) => digest === result.provenance.log);
  return {
    outputFiles: [...files.filter((file) => file !== stdout), ...own],
    ...(stdout === undefined ? {} : { stdout }),
  };
}

function signedFile({ fingerprint, text }: SignedRecord): OutputFile {
  return fileOf(`${signedFolder}${fingerprint}`, text);
}

function fileOf(path: string, text: string): OutputFile {
  const contents = Buffer.from(text);
  return { path, digest: digestOf(contents), sizeBytes: contents.byteLength, contents };
}

/** A message with the files that it carries, which servers look for among their blobs. */
async function putMessage(
  place: MessagePlace,
  request: { readonly key: TaskKey; readonly message: ActionMessage; readonly isFirst: boolean },
  call: RemoteCall,
): Promise<{ readonly kind: 'stored' } | Beaten | RemoteFailure> {
  const { key, message, isFirst } = request;
  for (const { digest, contents } of message.outputFiles) {
    if (contents === undefined) continue;
    const kept = await place.put({ name: `cas/${digest}`, bytes: contents, isFirst: false }, call);
    if (kept.kind !== 'stored') return kept;
  }
  const bytes = encodeActionMessage(message);
  return await place.put({ name: `ac/${key}`, bytes, isFirst }, call);
}
