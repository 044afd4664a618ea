import { canonicalJson } from '../../cache/canonical-json.ts';
import { digestOf } from '../../cache/digest.ts';
import type { Digest } from '../../cache/digest.ts';
import type { StoreFailure } from '../../cache/failures.ts';
import type { FileIndex, IndexedFile } from '../../cache/file-index.ts';
import type { DataAdapter } from '../contract/data-adapter.ts';
import type { PlannedData } from '../plan/plan.ts';
import { merkleDigest } from './merkle.ts';
import { withoutDefaults } from '../study/defaults.ts';

/** A part of a data set, as its content stands on this machine now. */
export interface IdentifiedData {
  readonly kind: 'identified';
  readonly digest: Digest;
  readonly files: readonly IndexedFile[];
  /** Bytes that had to be read, rather than remembered, to know the content. */
  readonly readBytes: number;
  /** Present where nobody has looked: the data is not on this machine, and an archive tells which it was. */
  readonly recorded?: RecordedData;
}

/** What an archive of a study's results told of data that is not on this machine. */
export interface RecordedData {
  readonly name: string;
  readonly part: string | undefined;
  /** Where it should lie, and does not. */
  readonly root: string | undefined;
  readonly archive: string;
  readonly files: number;
  readonly bytes: number;
}

export type DataIdentityResult =
  | IdentifiedData
  /** The folder is missing, or is not what its adapter expects. */
  | { readonly kind: 'unusable'; readonly message: string; readonly hint?: string }
  | StoreFailure;

export interface DataIdentityRequest {
  readonly data: PlannedData;
  readonly part: string | undefined;
  readonly adapter: DataAdapter;
  readonly fileIndex: FileIndex;
  readonly signal?: AbortSignal;
}

/**
 * What a part of a data set is, by content: adapter, its version, options less defaults, part, and the Merkle digest of
 * exactly the files that the adapter lists. Where the folder lies does not matter.
 */
export async function identifyData(request: DataIdentityRequest): Promise<DataIdentityResult> {
  const { data, part, adapter, fileIndex, signal } = request;
  const listed = await listFiles(request);
  if (listed.kind !== 'listed') return listed;
  let readBytes = 0;
  let files: readonly IndexedFile[] = [];
  if (data.root !== undefined && listed.paths.length > 0) {
    const indexed = await fileIndex.digests({
      root: data.root,
      paths: listed.paths,
      onProgress: (done) => (readBytes = done.readBytes),
      ...(signal === undefined ? {} : { signal }),
    });
    if (indexed.kind === 'missing') {
      return { kind: 'unusable', message: `data '${data.name}': ${indexed.path} is not there any more` };
    }
    if (indexed.kind === 'store-failure') return indexed;
    files = indexed.files;
  }
  const digest = digestOf(
    canonicalJson({
      adapter: adapter.adapter,
      version: adapter.version,
      options: withoutDefaults(adapter.options, data.options),
      files: merkleDigest(files),
      ...(part === undefined ? {} : { part }),
    }),
  );
  return { kind: 'identified', digest, files, readBytes };
}

async function listFiles({
  data,
  part,
  adapter,
}: DataIdentityRequest): Promise<
  { readonly kind: 'listed'; readonly paths: readonly string[] } | DataIdentityResult
> {
  if (adapter.embedded) return { kind: 'listed', paths: [] };
  if (data.root === undefined) {
    return {
      kind: 'unusable',
      message: `data '${data.name}' has no folder on this machine`,
      hint: `say where it lies: --data ${data.name}=PATH`,
    };
  }
  const listing = await adapter.list({ root: data.root, options: data.options, part });
  if (listing.kind === 'listed') return listing;
  return {
    kind: 'unusable',
    message: `data '${data.name}': ${listing.message}`,
    ...(listing.hint === undefined ? {} : { hint: listing.hint }),
  };
}
