import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { importArchive } from '../../cache/archive/import-archive.ts';
import type { ImportReport } from '../../cache/archive/import-report.ts';
import type { Store } from '../../cache/store.ts';
import { errorCode, guarded } from '../../cache/system-error.ts';
import { blobsText, dataLines, problemText, resultsText, taskRows } from '../archive/import-text.ts';
import { layOutStudy } from '../archive/lay-out-study.ts';
import { recordImport, studyOf } from '../archive/record-import.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { ImportFlags } from '../flags.ts';
import { columns, complain, say } from '../io.ts';
import type { Io } from '../io.ts';
import { openStoreIn, openWorkspace } from '../prepare.ts';
import { complainOfStore } from '../store-trouble.ts';
import { shownPath } from '../workspace.ts';
import type { Workspace } from '../workspace.ts';

/** How many problems are each said. */
const mostSaid = 20;

/** Brings an archive of a study's results into the store, and records it, so that its tasks have addresses here. */
export async function cacheImportCommand(request: {
  readonly archive: string;
  readonly flags: ImportFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { archive, flags, io } = request;
  const path = archive === '-' ? undefined : resolve(io.cwd, archive);
  const unreadable = path === undefined ? undefined : await whyUnreadable(path);
  if (unreadable !== undefined) {
    complain(
      io,
      `${archive}: ${unreadable}`,
      '`sweetspot cache export STUDY FILE.tar` writes one; - is standard input',
    );
    return exitCode.usage;
  }
  const workspace = await openWorkspace({ flags, data: [], io });
  if (workspace.kind === 'exit') return workspace.code;
  const isDry = flags.dryRun === true;
  await using place = await placeFor(workspace.workspace, isDry);
  const opened = await openStoreIn(place.workspace, { io });
  if (opened.kind === 'exit') return opened.code;
  const { store } = opened;
  const source = new Beginning(
    path === undefined ? process.stdin : createReadStream(path, { highWaterMark: 1 << 20 }),
  );
  const name = path === undefined ? 'standard input' : archive;
  const report = await importArchive({
    store,
    source,
    isDry,
    name: path === undefined ? name : basename(path),
  });
  if (report.kind === 'store-failure') {
    complainOfStore(io, report);
    return exitCode.machine;
  }
  sayProblems(report, { name, head: source.head, io });
  if (report.contents === undefined) return exitCode.usage;
  say(io, `study ${report.contents.study}, ${resultsText(report, isDry)}`);
  say(io, blobsText(report, isDry));
  for (const line of dataLines(report.contents.data)) say(io, line);
  const isWhole = report.problems.length === 0;
  if (isDry) {
    say(io, `\n${columns(taskRows(report))}\n`);
    say(io, 'nothing was written');
    return isWhole && report.differ.size === 0 ? exitCode.done : exitCode.taskFailed;
  }
  const finished = isWhole
    ? await finish({ report, store, workspace: workspace.workspace, flags, io })
    : exitCode.done;
  if (finished !== exitCode.done) return finished;
  return isWhole && report.differ.size === 0 ? exitCode.done : exitCode.taskFailed;
}

/** Gives the study its place, and the results their addresses. */
async function finish(request: {
  readonly report: ImportReport;
  readonly store: Store;
  readonly workspace: Workspace;
  readonly flags: ImportFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { report, store, workspace, flags, io } = request;
  const studyDir = flags.into === undefined ? workspace.root : resolve(io.cwd, flags.into);
  if (flags.into !== undefined) {
    const laidOut = await layOutStudy(studyOf(report), studyDir);
    if (laidOut.kind === 'in-the-way') {
      complain(
        io,
        `the study was not written to ${shownPath(laidOut.path, io.cwd)}: ${laidOut.why}`,
        'name another folder with --into, and import again; the results are here',
      );
      return exitCode.usage;
    }
    for (const file of laidOut.files) say(io, shownPath(file, io.cwd));
  }
  const { member } = workspace;
  const recorded = await guarded(store.runsDir, () => recordImport({ store, report, studyDir, member }));
  if (typeof recorded === 'object') {
    complainOfStore(io, recorded);
    return exitCode.machine;
  }
  if (recorded !== undefined)
    say(io, `recorded as run ${recorded}: sweetspot ls --run ${recorded} lists its tasks`);
  return exitCode.done;
}

function sayProblems(
  { problems, contents }: ImportReport,
  { name, head, io }: { readonly name: string; readonly head: Uint8Array; readonly io: Io },
): void {
  const way = wayOut(head, name);
  for (const [index, problem] of problems.slice(0, mostSaid).entries()) {
    const isLast = index === Math.min(problems.length, mostSaid) - 1;
    const rest = contents === undefined ? way : hintFor(problem.reason);
    complain(io, problemText(problem, name), isLast ? rest : undefined);
  }
  if (problems.length > mostSaid) complain(io, `and ${problems.length - mostSaid} problems more`);
}

function hintFor(reason: ImportReport['problems'][number]['reason']): string {
  switch (reason) {
    case 'untrusted':
      return '`sweetspot cache trust add NAME KEY` lists somebody whose results count';
    case 'refused':
      return 'nothing after it was read: get the archive from whom you trust';
    default:
      return 'what is whole has been taken; get the archive once more, and import it again for the rest';
  }
}

/** What a file that is no archive of ours may be. */
function wayOut(head: Uint8Array, name: string): string {
  const magic = Buffer.from(head).toString('hex');
  const file = name === 'standard input' ? 'FILE' : name;
  for (const [start, program] of compressed)
    if (magic.startsWith(start)) return `it is compressed: ${program} -dc ${file} | sweetspot cache import -`;
  return '`sweetspot cache export STUDY FILE.tar` writes archives';
}

const compressed: readonly (readonly [magic: string, program: string])[] = [
  ['28b52ffd', 'zstd'],
  ['1f8b', 'gzip'],
  ['fd377a585a', 'xz'],
  ['425a68', 'bzip2'],
];

/** The store that an import goes to; a dry run makes none, and looks into an empty one where there is none. */
async function placeFor(
  workspace: Workspace,
  isDry: boolean,
): Promise<{ readonly workspace: Workspace } & AsyncDisposable> {
  if (!isDry || existsSync(workspace.storeDir))
    return { workspace, [Symbol.asyncDispose]: () => Promise.resolve() };
  const dir = await mkdtemp(join(tmpdir(), 'sweetspot-dry-'));
  return {
    workspace: { ...workspace, storeDir: join(dir, '.sweetspot') },
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  };
}

async function whyUnreadable(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'it is a folder' : undefined;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return errorCode(error) === 'ENOENT' ? 'there is no such file' : (error as Error).message;
  }
}

/** Hands bytes on, and remembers the first. */
class Beginning implements AsyncIterable<Uint8Array> {
  readonly #source: AsyncIterable<Uint8Array>;
  head: Uint8Array = new Uint8Array(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for await (const piece of this.#source) {
      if (this.head.byteLength === 0) this.head = Uint8Array.from(piece.subarray(0, 8));
      yield piece;
    }
  }
}
