import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { encodeActionResult } from '../action-codec.ts';
import { digestOf } from '../digest.ts';
import type { Digest } from '../digest.ts';
import type { StoreFailure } from '../failures.ts';
import { blobPath } from '../local/store-folder.ts';
import type { Store } from '../store.ts';
import type { ArchivedData } from './archived-data.ts';
import { encodeContents } from './contents.ts';
import type { ArchivedTask } from './contents.ts';
import { indexTable } from './index-table.ts';
import { blobName, contentsName, resultName, signatureName } from './member-names.ts';
import { readme } from './readme.ts';
import type { ReadmeFacts } from './readme.ts';
import { surveyResult } from './survey.ts';
import type { SurveyedResult } from './survey.ts';
import { packTar } from './tar/tar-writer.ts';
import type { FileToPack } from './tar/tar-writer.ts';

export interface ArchiveRequest {
  readonly store: Store;
  readonly study: string;
  /** The archive's one folder. */
  readonly top: string;
  /** In the plan's order. */
  readonly tasks: readonly ArchivedTask[];
  /** Which data they were made from. */
  readonly data: readonly ArchivedData[];
  /** What else belongs to it, by paths within the folder. */
  readonly files: readonly { readonly path: string; readonly content: Uint8Array }[];
}

export interface ReadyArchive {
  readonly kind: 'ready';
  readonly results: number;
  readonly blobs: number;
  /** Of all blobs. */
  readonly bytes: number;
  readonly lacking: readonly Digest[];
  /** The tar, a piece at a time. Throws `DamagedBlob` and system errors. */
  pack(): AsyncGenerator<Uint8Array, void>;
}

export type ReadiedArchive =
  | ReadyArchive
  /** A result is not whole enough to be handed on. */
  | { readonly kind: 'gone'; readonly task: string; readonly what: string }
  | StoreFailure;

/** A blob that was found damaged while it was packed: what has been written up to there is no archive. */
export class DamagedBlob extends Error {
  readonly digest: Digest;
  readonly path: string;
  constructor(digest: Digest, path: string) {
    super(`${path} is damaged`);
    this.name = 'DamagedBlob';
    this.digest = digest;
    this.path = path;
  }
}

/**
 * Looks what an archive of some results will hold. The same results, made from the same study, give the same bytes: no time,
 * user or place of this machine is in it but what the results' own provenance says. Each result follows its blobs,
 * so that a reader can take it as soon as it comes.
 */
export async function readyArchive(request: ArchiveRequest): Promise<ReadiedArchive> {
  const { store, study, top, tasks, data } = request;
  const surveyed = new Map<string, SurveyedResult>();
  for (const { key, task } of tasks) {
    if (surveyed.has(key)) continue;
    const survey = await surveyResult(store, key);
    if (survey.kind === 'store-failure') return survey;
    if (survey.kind === 'gone') return { ...survey, task };
    surveyed.set(key, survey.surveyed);
  }
  const lacking = [...new Set([...surveyed.values()].flatMap((each) => each.lacking))].sort();
  const blobs = new Map([...surveyed.values()].flatMap((each) => [...each.blobs]));
  const index = indexTable(tasks, { surveyed, top });
  const example = exampleOf(tasks, { surveyed, top });
  const about = readme({ study, top, isPartial: lacking.length > 0, example, data });
  const files = [
    { path: 'README.txt', content: Buffer.from(about) },
    { path: 'index.tsv', content: Buffer.from(index) },
    ...request.files,
  ];
  const contents = encodeContents({
    ...{ study, tasks, lacking, data },
    files: files.map(({ path, content }) => ({
      path,
      size: content.byteLength,
      sha256: digestOf(content),
    })),
  });
  return {
    kind: 'ready',
    results: surveyed.size,
    blobs: blobs.size,
    bytes: [...blobs.values()].reduce((sum, size) => sum + size, 0),
    lacking,
    pack: () =>
      packTar(
        filesToPack(store, {
          top,
          results: [...surveyed.values()],
          files: [{ path: contentsName, content: Buffer.from(contents) }, ...files],
        }),
      ),
  };
}

/** The first file that is there, under a name that needs no quotes. */
function exampleOf(
  tasks: readonly ArchivedTask[],
  { surveyed, top }: { readonly surveyed: ReadonlyMap<string, SurveyedResult>; readonly top: string },
): ReadmeFacts['example'] {
  for (const { task, key } of tasks) {
    const { outputs = [], blobs } = surveyed.get(key) ?? {};
    for (const { path, sha256 } of outputs.flatMap(({ files }) => files)) {
      if (blobs?.has(sha256) !== true) continue;
      const file = path.slice(path.lastIndexOf('/') + 1).replaceAll(/[^A-Za-z0-9._-]/g, '_');
      return { task, file, member: `${top}/${blobName(sha256)}` };
    }
  }
  return { task: 'dense@seed=0', file: 'weights.safetensors', member: `${top}/blobs/ab/abcd...` };
}

function* filesToPack(
  store: Store,
  parts: {
    readonly top: string;
    readonly results: readonly SurveyedResult[];
    readonly files: ArchiveRequest['files'];
  },
): Generator<FileToPack> {
  const { top, results, files } = parts;
  const small = (name: string, content: Uint8Array): FileToPack => ({
    name: `${top}/${name}`,
    sizeBytes: content.byteLength,
    bytes: [content],
  });
  const [contents, about, ...others] = files;
  for (const file of [about, contents, ...others])
    if (file !== undefined) yield small(file.path, file.content);
  const packed = new Set<Digest>();
  for (const { result, signatures, blobs } of results) {
    for (const [digest, sizeBytes] of blobs) {
      if (packed.has(digest)) continue;
      packed.add(digest);
      yield { name: `${top}/${blobName(digest)}`, sizeBytes, bytes: verified(store, digest) };
    }
    for (const { fingerprint, text } of signatures)
      yield small(signatureName(result.key, fingerprint), Buffer.from(text));
    yield small(resultName(result.key), Buffer.from(encodeActionResult(result)));
  }
}

const pieceBytes = 1024 * 1024;

/** A blob's bytes as they are read; throws at their end where they are not what the digest says. */
async function* verified({ root, below, sharing }: Store, digest: Digest): AsyncGenerator<Uint8Array> {
  const places = (below === undefined ? [root] : [root, below]).map((each) =>
    blobPath({ root: each, sharing }, digest),
  );
  const path = places.find((each) => statSync(each, { throwIfNoEntry: false }) !== undefined) ?? places[0]!;
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: pieceBytes }) as AsyncIterable<Buffer>) {
    hash.update(piece);
    yield piece;
  }
  if (hash.digest('hex') !== digest) throw new DamagedBlob(digest, path);
}
