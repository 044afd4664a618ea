import { existsSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { resolve } from 'node:path';
import type { JsonObject } from '../cache/json.ts';
import { openStore } from '../cache/open-store.ts';
import type { Store } from '../cache/store.ts';
import { errorCode } from '../cache/system-error.ts';
import { runFolder } from '../engine/run/run-folder.ts';
import type { RunSummary } from '../engine/run/run-plan.ts';
import { replaySettled } from '../engine/run/settled/replay-settled.ts';
import type { ReplayedRun } from '../engine/run/settled/replay-settled.ts';
import type { SettledRecord } from '../engine/run/settled/settled-record.ts';
import { SettledRuns } from '../engine/run/settled/settled-runs.ts';
import type { RunEvent } from '../engine/run/events.ts';
import { buildIdentity } from './build-identity.ts';
import { conclude } from './conclude.ts';
import { deliveredBefore } from './deliver.ts';
import type { DeliveredFile } from './deliver.ts';
import type { ExitCode } from './exit-codes.ts';
import type { RunFlags } from './flags.ts';
import { say } from './io.ts';
import type { Io } from './io.ts';
import { outDirOf } from './out-dir.ts';
import type { Prepared } from './prepare.ts';
import { plainReporter } from './progress/plain.ts';
import { isPainted } from './progress/is-painted.ts';
import { signingOf } from './signing-files.ts';
import { findWorkspace } from './workspace.ts';
import type { Workspace } from './workspace.ts';

interface RunRequest {
  readonly file: string;
  readonly flags: RunFlags;
  readonly io: Io;
}

export type SettledAnswer =
  | { readonly kind: 'answered'; readonly code: ExitCode }
  /** There is, or may be, something to do. */
  | { readonly kind: 'open'; readonly notes: readonly string[] };

const open: SettledAnswer = { kind: 'open', notes: [] };

/**
 * Answers a request to run a study, if it is the same as one after which nothing was left to do, and nothing has changed since:
 * neither the study's files nor the results nor what was delivered. It is recorded and shown as any run of which
 * everything is cached. See docs/decisions/0014-runs-with-nothing-to-do.md.
 */
export async function answerSettled({ file, flags, io }: RunRequest): Promise<SettledAnswer> {
  const beganMs = performance.now();
  const build = buildIdentity();
  if (build === undefined || flags.locked === true || flags.writeLock === true) return open;
  const found = await findWorkspace({
    cwd: io.cwd,
    data: flags.data,
    cacheDir: flags.cache,
    readOnly: flags.readOnly,
    env: io.env,
  });
  if (found.kind !== 'found' || !existsSync(SettledRuns.folder(found.workspace.storeDir))) return open;
  const { workspace } = found;
  const opened = await openStore({
    dir: workspace.storeDir,
    over: workspace.storeBelow,
    signing: await signingOf(workspace, io.env),
  });
  if (opened.kind !== 'opened') return open;
  const { store } = opened;
  const runs = new SettledRuns(store, requestOf({ build, workspace, file, flags, io }));
  const read = await runs.read();
  if (read.kind === 'open') return { kind: 'open', notes: read.damaged };
  const { record, sources } = read;
  const outDir = outDirOf({ study: record.head.study, workspace, flags, io });
  const { delivered } = record.head;
  const files = delivered === undefined ? [] : deliveredBefore(store, outDir, delivered);
  if (files === undefined) return open;

  const planFile = runs.planFile(record);
  const replayed = await recorded(() =>
    replaySettled({ store, record, sources, planFile, member: workspace.member, beganMs }),
  );
  if (replayed === undefined) return open;
  const code = await show({ store, record, replayed, files, outDir, flags, io });
  return { kind: 'answered', code };
}

/** Undefined where there was no room for it: then the run is planned, and says what is in the way. */
async function recorded(replay: () => Promise<ReplayedRun>): Promise<ReplayedRun | undefined> {
  try {
    return await replay();
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}

async function show(shown: {
  readonly store: Store;
  readonly record: SettledRecord;
  readonly replayed: ReplayedRun;
  readonly files: readonly DeliveredFile[];
  readonly outDir: string;
  readonly flags: RunFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { store, record, replayed, files, outDir, flags, io } = shown;
  const { summary, lines } = replayed;
  const painted = isPainted(flags, io);
  if (flags.json === true) say(io, lines.join('\n'));
  else if (!painted) {
    const reporter = plainReporter({
      write: (line) => say(io, line),
      total: record.tails.length,
      watch: () => {
        throw new Error('a run that is over is not watched');
      },
      bounded: flags.plain === true || io.err.isTTY,
    });
    for (const line of lines) reporter.onEvent(JSON.parse(line) as RunEvent);
    reporter.close();
  }
  const delivery = { files, lost: [], problems: [], warnings: [], seal: undefined };
  return conclude({ study: record.head.study, store, summary, delivery, outDir, flags, painted, io });
}

/** Remembers a run that left nothing to do, if that can be told again from the study's files alone. */
export function rememberSettled(settled: {
  readonly ready: Prepared;
  readonly file: string;
  readonly flags: RunFlags;
  readonly io: Io;
  readonly summary: RunSummary;
  readonly delivered: string | undefined;
}): void {
  const { ready, file, flags, io, summary, delivered } = settled;
  const build = buildIdentity();
  if (build === undefined || summary.hasLooked || ready.plan.data.size > 0) return;
  const { store, workspace, plan } = ready;
  new SettledRuns(store, requestOf({ build, workspace, file, flags, io })).write({
    study: plan.study,
    file: plan.file,
    sources: [...ready.sources].map(([path, text]) => ({ file: path, text })),
    slots: summary.slots,
    tasks: [...plan.tasks.keys()].flatMap((task) => {
      const result = summary.results.get(task);
      return result !== undefined && 'outputs' in result
        ? [{ task, key: result.key, outputs: result.outputs }]
        : [];
    }),
    planFile: runFolder(store.runsDir, summary.run).planFile,
    delivered,
  });
}

/** All that decides, beside the study's files, what is run and under which keys. */
function requestOf(
  request: RunRequest & { readonly build: string; readonly workspace: Workspace },
): JsonObject {
  const { build, workspace, file, flags, io } = request;
  const { param, data, smoke = false, only, slots = '', backend = '', out = '' } = flags;
  return {
    build,
    node: process.version,
    ...(workspace.storeBelow === undefined ? {} : { below: workspace.storeBelow }),
    machine: { cores: availableParallelism(), memory: totalmem() },
    file: resolve(io.cwd, file),
    outRoot: out === '' ? workspace.outDir : resolve(io.cwd, out),
    flags: { param, data, smoke, only, slots, backend },
    backend: io.env['SWEETSPOT_BACKEND'] ?? '',
  };
}
