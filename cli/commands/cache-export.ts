import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DamagedBlob, readyArchive } from '../../cache/archive/write-archive.ts';
import type { ReadyArchive } from '../../cache/archive/write-archive.ts';
import type { StoreFailure } from '../../cache/failures.ts';
import { guarded } from '../../cache/system-error.ts';
import { Keyer } from '../../engine/keys/keyer.ts';
import { portablePlan } from '../../engine/run/portable-plan.ts';
import { dataRead, filesLeft } from '../archive/data-read.ts';
import { pourIntoFile, pourIntoStream } from '../archive/pour.ts';
import { nameWithin, studyFiles } from '../archive/study-files.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { TransferFlags } from '../flags.ts';
import { complain, tell } from '../io.ts';
import type { Io } from '../io.ts';
import { prepare } from '../prepare.ts';
import type { Prepared } from '../prepare.ts';
import { formatBytes, plural } from '../progress/duration.ts';
import { standingResults } from '../remotes/standing-results.ts';
import type { StandingResults } from '../remotes/standing-results.ts';
import { complainOfStore } from '../store-trouble.ts';
import { shownPath } from '../workspace.ts';

/** Writes a study's results, and all that they were made from, as one tar: to a file, or with `-` to standard output. */
export async function cacheExportCommand(request: {
  readonly file: string;
  readonly archive: string;
  readonly flags: TransferFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { file, flags, io } = request;
  const target = request.archive === '-' ? undefined : resolve(io.cwd, request.archive);
  if (target !== undefined && existsSync(target)) {
    complain(io, `${shownPath(target, io.cwd)} is there already`, 'name another file, or remove it');
    return exitCode.usage;
  }
  if (target === undefined && io.out.isTTY) {
    complain(io, 'a tar is nothing to look at', `sweetspot cache export ${file} - | zstd > archive.tar.zst`);
    return exitCode.usage;
  }
  const ready = await prepare({ file, flags, io });
  if (ready.kind === 'exit') return ready.code;
  const { plan, registry, store } = ready;
  const keyer = new Keyer({ plan, registry, store, signal: new AbortController().signal });
  const standing = await standingResults({ ready, store, only: flags.only ?? [], io, keyer });
  if (standing === undefined) return exitCode.usage;
  if (standing.tasks.length === 0) {
    complain(io, 'none of these tasks has a result', `sweetspot run ${file} makes them`);
    return exitCode.taskFailed;
  }
  const fetched = await fetchAll(ready, standing);
  if (fetched !== undefined) return storeFailed(fetched, io);
  const archive = await archiveOf(ready, standing, { keyer, io });
  if (archive.kind === 'store-failure') return storeFailed(archive, io);
  if (archive.kind === 'gone') {
    complain(
      io,
      `the result of ${archive.task} cannot be handed on: ${archive.what} is gone or damaged`,
      `sweetspot run ${file} makes it anew`,
    );
    return exitCode.taskFailed;
  }
  const written = await write(archive, { target, io });
  if (written !== exitCode.done) return written;
  sayWritten({ archive, standing, name: target === undefined ? undefined : request.archive, io });
  return exitCode.done;
}

/** What remotes have of these results is brought here first. */
async function fetchAll(
  { tiers }: Prepared,
  { results }: StandingResults,
): Promise<StoreFailure | undefined> {
  if (tiers === undefined) return undefined;
  for (const key of results.keys()) {
    const fetched = await tiers.tiered.fetchAll(key);
    if (fetched.kind === 'store-failure') return fetched;
  }
  return undefined;
}

async function archiveOf(
  ready: Prepared,
  standing: StandingResults,
  { keyer, io }: { readonly keyer: Keyer; readonly io: Io },
): Promise<Awaited<ReturnType<typeof readyArchive>>> {
  const { plan, sources, store, tiers } = ready;
  const { base, files, left } = await studyFiles(sources, keyer.filesNamed);
  for (const path of left)
    tell(
      io,
      `${shownPath(path, io.cwd)} is not taken along: only who computes anew elsewhere needs it there`,
    );
  const portable = portablePlan(plan, (path) => nameWithin(base, path));
  const tasks = standing.tasks.map(({ task }) => task);
  return await readyArchive({
    store: tiers?.local ?? store,
    data: [...(await dataRead(ready, tasks, keyer)), ...(await filesLeft(left, keyer))],
    study: plan.study,
    top: topFolder(plan.study),
    tasks: standing.tasks.map(({ task, key }) => ({ task, key, kind: plan.tasks.get(task)?.kind ?? '' })),
    files: [
      { path: 'plan.json', content: Buffer.from(portable) },
      ...[...files].map(([name, content]) => ({ path: `study/${name}`, content })),
    ],
  });
}

/** A study's name as that of a folder. */
function topFolder(study: string): string {
  const plain = study
    .replaceAll(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^\.+/, '')
    .slice(0, 60);
  return plain === '' ? 'study' : plain;
}

async function write(
  archive: ReadyArchive,
  { target, io }: { readonly target: string | undefined; readonly io: Io },
): Promise<ExitCode> {
  try {
    const poured = await guarded(target ?? '-', async () =>
      target === undefined
        ? await pourIntoStream(archive.pack(), io.out)
        : await pourIntoFile(archive.pack(), target),
    );
    if (typeof poured === 'object') return notWritten(poured, io);
    if (poured !== false) return exitCode.done;
    complain(io, 'whoever was to read the archive has ended', 'what came until then is no whole archive');
    return exitCode.machine;
  } catch (error) {
    if (!(error instanceof DamagedBlob)) throw error;
    complain(
      io,
      `${error.path} is damaged; no whole archive was written`,
      'sweetspot cache verify moves it aside; run the study again, then export',
    );
    return exitCode.taskFailed;
  }
}

function sayWritten(written: {
  readonly archive: ReadyArchive;
  readonly standing: StandingResults;
  /** Of the file. */
  readonly name: string | undefined;
  readonly io: Io;
}): void {
  const { archive, standing, name, io } = written;
  const where = name === undefined ? '' : `${name}: `;
  tell(
    io,
    `${where}${plural(archive.results, 'result')}, ${plural(archive.blobs, 'blob')} (${formatBytes(archive.bytes)})`,
  );
  if (archive.lacking.length > 0)
    tell(io, `${plural(archive.lacking.length, 'file')} let go earlier, not in it; their results are`);
  if (standing.lacking > 0) tell(io, `${plural(standing.lacking, 'task')} without a result, not in it`);
}

function notWritten({ path, reason, detail }: StoreFailure, io: Io): ExitCode {
  const where = detail.includes(path) ? detail : `${path}: ${detail}`;
  const way = reason === 'no-space' ? 'make room there, or name another place' : 'name another place';
  complain(io, `the archive cannot be written: ${where}`, `${way}; nothing half written is left`);
  return exitCode.machine;
}

function storeFailed(failure: StoreFailure, io: Io): ExitCode {
  complainOfStore(io, failure);
  return exitCode.machine;
}
