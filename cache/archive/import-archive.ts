import type { StoreFailure } from '../failures.ts';
import type { Store } from '../store.ts';
import { guarded } from '../system-error.ts';
import { BlobIntake } from './blob-intake.ts';
import { decodeContents } from './contents.ts';
import type { ArchiveContents } from './contents.ts';
import { FileIntake } from './file-intake.ts';
import type { ArchiveProblem, ImportReport } from './import-report.ts';
import { contentsName, roleOf } from './member-names.ts';
import type { MemberRole } from './member-names.ts';
import { rememberData } from './remembered-data.ts';
import { ResultIntake } from './result-intake.ts';
import { TarReader } from './tar/tar-reader.ts';
import type { TarMember } from './tar/tar-reader.ts';

export interface ImportRequest {
  readonly store: Store;
  readonly source: AsyncIterable<Uint8Array>;
  /** How the archive is called when people ask where something came from. */
  readonly name: string;
  /** Read and check everything, and write nothing. */
  readonly isDry?: boolean;
}

/** What is read whole: a result, a signature, a study's file. The list of contents and the plan may be longer. */
const mostSmallBytes = 16 * 1024 * 1024;
const mostListedBytes = 512 * 1024 * 1024;

/**
 * Brings an archive into a store: blobs under the hash that they have, results when all is there that they name. What is damaged
 * is named and left out, with the results that need it; where the tar cannot be read on, what came before stays.
 * May be repeated: what is there is not written again. Members may stand in any order.
 */
export function importArchive(request: ImportRequest): Promise<ImportReport | StoreFailure> {
  return guarded<ImportReport | StoreFailure>(request.store.root, () => read(request));
}

async function read(request: ImportRequest): Promise<ImportReport | StoreFailure> {
  const { store, source, name, isDry = false } = request;
  const problems: ArchiveProblem[] = [];
  const onProblem = (problem: ArchiveProblem): void => void problems.push(problem);
  using blobs = new BlobIntake(store, isDry);
  const results = new ResultIntake({ store, blobs, name, isDry, onProblem });
  const files = new FileIntake();
  const reader = new TarReader(source);
  let contents: ArchiveContents | undefined;
  let isWhole = false;
  try {
    for (;;) {
      const member = await reader.next();
      if (member.kind === 'end') {
        isWhole = true;
        await reader.drain();
        break;
      }
      if (member.kind === 'problem') {
        const { reason, place, detail } = member;
        onProblem({ reason: reason === 'not-a-tar' ? 'not-an-archive' : reason, place, detail });
        break;
      }
      const role = roleOf(member.name, member.kind);
      const refusal = whyRefused(role, member);
      if (refusal !== undefined) {
        onProblem({ reason: 'refused', place: placeOf(member), detail: refusal });
        break;
      }
      if (typeof role !== 'object') continue;
      const taken = await takeMember(role, member, { reader, blobs, results, files, onProblem });
      if (taken.kind === 'stop') break;
      if (taken.kind === 'store-failure') return taken;
      if (taken.kind === 'contents') {
        contents = taken.contents;
        results.mayLack(contents.lacking);
      }
    }
  } finally {
    await reader.close();
  }
  const failure = await results.settle({ isOver: true });
  if (failure !== undefined) return failure;
  if (contents !== undefined && !isDry) {
    const { study, data } = contents;
    await rememberData(store, { study, archive: name, data });
  }
  if (isWhole) problems.push(...whatLacks(contents, { results, files }));
  const { taken, stood, differ } = results;
  const whole = files.whole(contents?.files ?? []);
  return { kind: 'read', contents, taken, stood, differ, blobs: blobs.counts, problems, files: whole };
}

function whyRefused(role: ReturnType<typeof roleOf>, member: TarMember): string | undefined {
  if (role === undefined) return 'its name leads elsewhere, or is none that an archive has';
  if (role === 'folder') return undefined;
  if (role === 'outside') return 'it lies outside of the one folder that an archive has';
  const most =
    role.kind === 'blob'
      ? Infinity
      : role.kind === 'contents' || role.kind === 'file'
        ? mostListedBytes
        : mostSmallBytes;
  return member.sizeBytes > most ? 'it is too large for what it is' : undefined;
}

type Taken =
  | { readonly kind: 'taken' }
  | { readonly kind: 'contents'; readonly contents: ArchiveContents }
  | { readonly kind: 'stop' }
  | StoreFailure;

const taken: Taken = { kind: 'taken' };

async function takeMember(
  role: MemberRole,
  member: TarMember,
  parts: {
    readonly reader: TarReader;
    readonly blobs: BlobIntake;
    readonly results: ResultIntake;
    readonly files: FileIntake;
    readonly onProblem: (problem: ArchiveProblem) => void;
  },
): Promise<Taken> {
  const { reader, blobs, results, files, onProblem } = parts;
  const place = placeOf(member);
  if (role.kind === 'blob') {
    switch (await blobs.take(role.digest, member, reader)) {
      case 'whole':
        return taken;
      case 'wrong':
        onProblem({ reason: 'damaged', place, detail: 'its bytes are not those of its name' });
        return taken;
      case 'truncated':
        onProblem({ reason: 'truncated', place, detail: 'the archive ends within it' });
        return { kind: 'stop' };
    }
  }
  const bytes = await readWhole(member, reader);
  if (bytes === undefined) {
    onProblem({ reason: 'truncated', place, detail: 'the archive ends within it' });
    return { kind: 'stop' };
  }
  switch (role.kind) {
    case 'file': {
      const problem = files.add(role.path, bytes, place);
      if (problem === undefined) return taken;
      onProblem({ reason: 'refused', place, detail: problem });
      return { kind: 'stop' };
    }
    case 'signature':
      results.addSigned(role.key, bytes.toString('utf8'));
      return taken;
    case 'result': {
      const failure = await results.add({ key: role.key, text: bytes.toString('utf8'), place });
      return failure ?? taken;
    }
    case 'contents': {
      const decoded = decodeContents(bytes.toString('utf8'));
      if (decoded.kind === 'decoded') return { kind: 'contents', contents: decoded.contents };
      onProblem(
        decoded.kind === 'newer-format'
          ? { reason: 'newer-format', place, detail: `it is of format ${decoded.format}` }
          : { reason: 'damaged', place, detail: 'it is damaged' },
      );
      return { kind: 'stop' };
    }
  }
}

async function readWhole({ sizeBytes }: TarMember, reader: TarReader): Promise<Buffer | undefined> {
  const pieces: Uint8Array[] = [];
  const read = await reader.read((piece) => void pieces.push(Uint8Array.from(piece)));
  if (read === 'truncated') return undefined;
  return Buffer.concat(pieces, sizeBytes);
}

/** Of an archive that was read to its end: what it promises and does not hold. */
function whatLacks(
  contents: ArchiveContents | undefined,
  { results, files }: { readonly results: ResultIntake; readonly files: FileIntake },
): readonly ArchiveProblem[] {
  if (contents === undefined) {
    const detail = `it holds no ${contentsName}: it is no archive of a study, or not all of one`;
    return [{ reason: 'not-an-archive', place: undefined, detail }];
  }
  const lacking = contents.tasks
    .filter(({ key }) => !results.seen.has(key))
    .map(({ task }): ArchiveProblem => {
      const detail = `the result of ${task} is not in it`;
      return { reason: 'incomplete', place: undefined, detail };
    });
  return [...lacking, ...files.problems(contents.files)];
}

function placeOf({ name, ordinal, offset }: TarMember): Pick<TarMember, 'name' | 'ordinal' | 'offset'> {
  return { name, ordinal, offset };
}
