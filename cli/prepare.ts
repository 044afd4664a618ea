import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { openStore } from '../cache/open-store.ts';
import type { DamagedFile, Store } from '../cache/store.ts';
import type { Registry } from '../engine/contract/registry.ts';
import type { Plan } from '../engine/plan/plan.ts';
import type { Diagnostic } from '../engine/study/diagnostic.ts';
import { formatDiagnostics } from '../engine/study/format-diagnostics.ts';
import { loadStudy } from '../engine/study/load-study.ts';
import { exitCode } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import type { StudyFlags } from './flags.ts';
import { colours, complain, showsColours, tell, tellJson } from './io.ts';
import type { Io } from './io.ts';
import { recordedHere, recordedTexts } from './recorded-data.ts';
import { registry } from './registry.ts';
import { chooseRemotes, openTiers, sayUnknownRemote } from './remotes/open-tiers.ts';
import type { Tiers } from './remotes/open-tiers.ts';
import { complainOfStore } from './store-trouble.ts';
import { signingOf } from './signing-files.ts';
import { findWorkspace, shownPath } from './workspace.ts';
import type { Workspace } from './workspace.ts';

export interface Prepared {
  readonly kind: 'ready';
  readonly plan: Plan;
  /** Data that is not here and that archives of results tell of, in words. */
  readonly assumed: readonly string[];
  /** Text of each study file, by absolute path. */
  readonly sources: ReadonlyMap<string, string>;
  readonly store: Store;
  /** What lies behind `store`; undefined where nothing does. */
  readonly tiers: Tiers | undefined;
  readonly workspace: Workspace;
  readonly registry: Registry;
}

export type NotReady = { readonly kind: 'exit'; readonly code: ExitCode };

/** Flags that say which store is meant. */
interface PlaceFlags {
  readonly cache?: string;
  readonly readOnly?: boolean;
}

interface Told {
  readonly io: Io;
  /** Says nothing of files that are found damaged: the caller does. */
  readonly quietOnDamage?: boolean;
  /** Nothing of data that is not here, though an archive tells which it was. */
  readonly quietOnAbsence?: boolean;
}

/** Workspace, study and store, or the errors said and the code to leave with. Nothing is written before the study is right. */
export async function prepare(
  request: Told & { readonly file: string; readonly flags: StudyFlags },
): Promise<Prepared | NotReady> {
  const { file, flags, io } = request;
  const params = readPairs(flags.param);
  if (typeof params === 'string') {
    complain(io, `--param ${params} is not NAME=VALUE`, 'e.g. --param rounds=3');
    return { kind: 'exit', code: exitCode.usage };
  }
  const workspace = await openWorkspace({ flags, data: flags.data, io });
  if (workspace.kind === 'exit') return workspace;
  const wanted = chooseRemotes(workspace.workspace, flags.remote);
  if (wanted === undefined) {
    sayUnknownRemote({ name: String(flags.remote), workspace: workspace.workspace, io });
    return { kind: 'exit', code: exitCode.usage };
  }
  const study = await loadStudy({
    file: resolve(io.cwd, file),
    registry,
    params,
    dataRoots: workspace.workspace.dataRoots,
    smoke: flags.smoke === true,
    isRecorded: (name, data, part) =>
      recordedHere(workspace.workspace, { study: name, data, part }) !== undefined,
  });
  if (study.kind === 'invalid') {
    sayDiagnostics(study.diagnostics, study.sources, io);
    const machineOnly = study.diagnostics.every((diagnostic) => diagnostic.code === 'missing-data');
    return { kind: 'exit', code: machineOnly ? exitCode.machine : exitCode.usage };
  }
  const assumed = recordedTexts(study.plan, workspace.workspace);
  if (request.quietOnAbsence !== true) for (const text of assumed) tell(io, `${colours.yellow('!')} ${text}`);
  const store = await openStoreIn(workspace.workspace, request);
  if (store.kind === 'exit') return store;
  const tiers = openTiers({ local: store.store, settings: wanted, io });
  return {
    kind: 'ready',
    assumed,
    plan: study.plan,
    sources: study.sources,
    store: tiers?.tiered ?? store.store,
    tiers,
    workspace: workspace.workspace,
    registry,
  };
}

/** Prints what is wrong with a study, each with its place. */
export function sayDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
  io: Io,
): void {
  if (io.json === true) {
    for (const { code, message, hint, place } of diagnostics) {
      const { file, line, column } = place;
      const way = hint === undefined ? {} : { hint };
      tellJson(io, { kind: 'error', message, ...way, code, place: { file, line, column } });
    }
    return;
  }
  const color = showsColours(io.err, io.env);
  io.err.write(formatDiagnostics(diagnostics, sources, { color, cwd: io.cwd }));
}

/** The workspace and its store, for commands that need no study. */
export async function prepareStore(
  request: Told & {
    readonly flags: PlaceFlags;
    /** Whether remotes are asked for what the store lacks. */
    readonly asksRemotes?: boolean;
  },
): Promise<{ readonly kind: 'ready'; readonly store: Store; readonly workspace: Workspace } | NotReady> {
  const workspace = await openWorkspace({ ...request, data: [] });
  if (workspace.kind === 'exit') return workspace;
  const { storeDir } = workspace.workspace;
  if (!existsSync(storeDir)) {
    // A question makes no store.
    complain(
      request.io,
      `there is no store at ${shownPath(storeDir, request.io.cwd)}, and no run in it`,
      'sweetspot run STUDY makes one; --cache DIR, $SWEETSPOT_CACHE or sweetspot.config.yaml name another',
    );
    return { kind: 'exit', code: exitCode.usage };
  }
  const store = await openStoreIn(workspace.workspace, request);
  if (store.kind === 'exit') return store;
  const tiers =
    request.asksRemotes === true
      ? openTiers({ local: store.store, settings: workspace.workspace.remotes, io: request.io })
      : undefined;
  return { kind: 'ready', store: tiers?.tiered ?? store.store, workspace: workspace.workspace };
}

export async function openWorkspace(request: {
  readonly flags: PlaceFlags;
  readonly data: readonly string[];
  readonly io: Io;
}): Promise<{ readonly kind: 'found'; readonly workspace: Workspace } | NotReady> {
  const { io } = request;
  const found = await findWorkspace({
    cwd: io.cwd,
    data: request.data,
    cacheDir: request.flags.cache,
    readOnly: request.flags.readOnly,
    env: io.env,
  });
  if (found.kind === 'found') return found;
  complain(io, `${found.file}: ${found.message}`, wayOut(found));
  return { kind: 'exit', code: exitCode.usage };
}

function wayOut({ file, message }: { readonly file: string; readonly message: string }): string {
  if (file === '--read-only')
    return 'name the store that is only read: --cache DIR, or `cache: { dir: DIR, read_only: true }` in sweetspot.config.yaml';
  if (file.startsWith('--')) return 'NAME is that of a data set in the study, PATH the folder that holds it';
  if (/\bslurm\b/.test(message)) return 'docs/cluster.md explains every key of `slurm`';
  if (/\bremote/.test(message)) return 'docs/team-cache.md explains every key of `remotes`';
  return 'it says where things are on this machine: `data: { NAME: FOLDER }` and `cache: FOLDER`';
}

/** The store of a workspace, which is made where there is none, or the error said. */
export async function openStoreIn(
  workspace: Workspace,
  { io, quietOnDamage = false }: Told,
): Promise<{ readonly kind: 'opened'; readonly store: Store } | NotReady> {
  const opened = await openStore({
    dir: workspace.storeDir,
    over: workspace.storeBelow,
    signing: await signingOf(workspace, io.env),
    hasEnded: async (job) => (await import('../engine/executors/slurm/job-stages.ts')).jobHasEnded(job),
    onDamaged: quietOnDamage ? undefined : (damaged) => sayDamaged(damaged, io),
  });
  switch (opened.kind) {
    case 'opened':
      return opened;
    case 'store-failure':
      complainOfStore(io, opened);
      return { kind: 'exit', code: exitCode.machine };
    case 'incompatible':
      complain(
        io,
        `the store at ${workspace.storeDir} cannot be opened: ${opened.message}`,
        'use the sweetspot that wrote it, or name another folder with --cache DIR',
      );
      return { kind: 'exit', code: exitCode.machine };
  }
}

function sayDamaged({ path, movedTo }: DamagedFile, io: Io): void {
  const where = movedTo === path ? 'and cannot be moved aside' : `and was moved to ${movedTo}`;
  complain(io, `${path} is damaged, ${where}`, 'the next run that needs it makes it anew');
}

function readPairs(pairs: readonly string[]): ReadonlyMap<string, string> | string {
  const read = new Map<string, string>();
  for (const pair of pairs) {
    const split = pair.indexOf('=');
    if (split <= 0) return pair;
    read.set(pair.slice(0, split), pair.slice(split + 1));
  }
  return read;
}
