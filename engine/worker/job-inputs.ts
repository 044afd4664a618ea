import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '../../cache/digest.ts';
import type { StoreFailure } from '../../cache/failures.ts';
import type { ArtifactStore } from '../../cache/artifact-store.ts';
import type { DataFile, InputArtifact, InputData } from '../contract/task-context.ts';
import type { Job, JobInput, JobItem } from './protocol.ts';

/** A job's inputs, laid out as files. */
export interface FetchedInputs {
  readonly kind: 'fetched';
  readonly single: ReadonlyMap<string, InputArtifact>;
  readonly gathered: ReadonlyMap<string, readonly InputArtifact[]>;
  readonly data: ReadonlyMap<string, InputData>;
}

export type FetchResult = FetchedInputs | MissingInputs | StoreFailure;

export interface MissingInputs {
  readonly kind: 'inputs-missing';
  readonly digests: readonly Digest[];
  /** Where bytes lie that were found damaged, and moved aside. */
  readonly movedTo: readonly string[];
}

/** Where the bytes of inputs come from. */
export interface InputStore {
  readonly artifacts: Pick<ArtifactStore, 'materialise'>;
}

/** How many artifacts are copied at a time. */
const copiesAtOnce = 8;

/** Copies the verified bytes of every input artifact under `dir`, each artifact once, and reads the lists of data files. */
export async function fetchInputs(job: Job, store: InputStore, dir: string): Promise<FetchResult> {
  const folders = await materialiseAll(artifactsOf(job), store, dir);
  if (folders.kind !== 'materialised') return folders;
  const single = new Map<string, InputArtifact>();
  const gathered = new Map<string, readonly InputArtifact[]>();
  const data = new Map<string, InputData>();
  const place = (item: JobItem): InputArtifact => {
    const folder = folders.dirs.get(item.digest);
    if (folder === undefined) throw new Error(`input ${item.digest} was not laid out`);
    return { ...item, dir: folder };
  };
  for (const [name, input] of Object.entries(job.inputs)) {
    switch (input.kind) {
      case 'artifact':
        single.set(name, place(input.item));
        break;
      case 'gathered':
        gathered.set(name, input.items.map(place));
        break;
      case 'data':
        data.set(name, await dataInput(input));
        break;
    }
  }
  return { kind: 'fetched', single, gathered, data };
}

function artifactsOf(job: Job): readonly Digest[] {
  const digests = Object.values(job.inputs).flatMap((input) => {
    if (input.kind === 'artifact') return [input.item.digest];
    return input.kind === 'gathered' ? input.items.map((item) => item.digest) : [];
  });
  return [...new Set(digests)];
}

type Materialised = { readonly kind: 'materialised'; readonly dirs: ReadonlyMap<Digest, string> };

async function materialiseAll(
  digests: readonly Digest[],
  store: InputStore,
  dir: string,
): Promise<Materialised | Exclude<FetchResult, FetchedInputs>> {
  if (digests.length === 0) return { kind: 'materialised', dirs: new Map() };
  mkdirSync(dir, { recursive: true });
  const dirs = new Map<Digest, string>();
  const missing: Digest[] = [];
  const movedTo: string[] = [];
  let failure: StoreFailure | undefined;
  const waiting = digests.entries();
  const copy = async (): Promise<void> => {
    for (const [index, digest] of waiting) {
      if (failure !== undefined) return;
      const target = join(dir, String(index));
      const result = await store.artifacts.materialise(digest, target);
      if (result.kind === 'materialised') dirs.set(digest, target);
      else if (result.kind === 'store-failure') failure = result;
      else {
        missing.push(digest);
        if (result.kind === 'corrupt') movedTo.push(result.movedTo);
      }
    }
  };
  await Promise.all(Array.from({ length: copiesAtOnce }, copy));
  if (failure !== undefined) return failure;
  if (missing.length > 0) return { kind: 'inputs-missing', digests: missing, movedTo };
  return { kind: 'materialised', dirs };
}

async function dataInput(input: Extract<JobInput, { kind: 'data' }>): Promise<InputData> {
  const { adapter, options, root, part, digest, facts, filesAt } = input;
  const files =
    filesAt === undefined ? [] : (JSON.parse(await readFile(filesAt, 'utf8')) as readonly DataFile[]);
  return { adapter, options, root, part, digest, facts, files };
}
