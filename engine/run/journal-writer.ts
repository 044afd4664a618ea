import { open, readFile, rm, writeFile as write } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { digestOf } from '../../cache/digest.ts';
import { makeFolder, share } from '../../cache/local/store-folder.ts';
import { ownIdentity } from '../../cache/process-identity.ts';
import type { ClusterJobName } from '../../cache/process-identity.ts';
import type { Sharing } from '../../cache/store.ts';
import { withPath } from '../../cache/system-error.ts';
import type { Plan, TaskId } from '../plan/plan.ts';
import type { RunEvent } from './events.ts';
import { sourceFile } from './run-folder.ts';
import type { RunFolder } from './run-folder.ts';
import { sealLine } from './sealed-line.ts';

/** A file of the study as it was when the run began. */
export interface StudySource {
  readonly file: string;
  readonly text: string;
}

/** Makes the run's folder, and freezes in it what is about to be run. Throws system errors, and leaves no folder then. */
export async function beginJournal(request: JournalRequest): Promise<JournalWriter> {
  const { folder } = request;
  try {
    await freeze(request);
    const events = await open(folder.eventsFile, 'a');
    await share(folder.eventsFile, { sharing: request.sharing ?? 'umask' }, readableMode);
    return new JournalWriter(folder.eventsFile, events);
  } catch (error) {
    await rm(folder.dir, { recursive: true, force: true });
    throw error;
  }
}

interface JournalRequest {
  readonly folder: RunFolder;
  readonly run: string;
  readonly plan: Plan;
  readonly sharing?: Sharing;
  readonly sources: readonly StudySource[] | undefined;
  readonly startedAt: string;
  /** Who runs it, where somebody wants to be named. */
  readonly member?: string | undefined;
  /** Of results that came from elsewhere in one piece: nothing was run. */
  readonly imported?: true;
  /** The cluster's job that its driver works in. */
  readonly driverJob?: ClusterJobName | undefined;
  /** Tasks that were asked for; undefined for all of the plan. */
  readonly only?: Iterable<TaskId> | undefined;
}

async function freeze(request: JournalRequest): Promise<void> {
  const { folder, plan } = request;
  const sources = request.sources ?? (await readStudy(plan));
  const { sharing = 'umask' } = request;
  await makeRunFolder({ ...request, sharing, study: plan.study, file: plan.file, sources });
  await writeFile(folder.planFile, sealLine(frozenPlan(plan, request.only)), { sharing });
}

/** The run's folder with who drives it and the study as it is, and room for the rest. */
export async function makeRunFolder(about: {
  readonly folder: RunFolder;
  readonly sharing: Sharing;
  readonly run: string;
  readonly study: string;
  readonly file: string;
  readonly startedAt: string;
  readonly sources: readonly StudySource[];
  readonly member?: string | undefined;
  /** The cluster's job that its driver works in, or is to. */
  readonly driverJob?: ClusterJobName | undefined;
  /** Of a run that was answered from a record: nothing was planned. */
  readonly settled?: true;
  /** Its driver has not begun: it is to be a job of a cluster. */
  readonly isAnnounced?: true;
  /** Of results that were imported. */
  readonly imported?: true;
}): Promise<void> {
  const { folder, run, study, file, startedAt, sources, settled, imported } = about;
  for (const dir of [folder.dir, folder.studyDir, folder.logsDir, folder.dataDir])
    await makeFolder(dir, about.sharing);
  const digests = sources.map((source) => ({ file: source.file, sha256: digestOf(source.text) }));
  // Of a driver that is still to come only the job is known.
  const own = about.isAnnounced === true ? { host: hostname(), pid: 0 } : ownIdentity();
  const driver = { ...own, ...(about.driverJob === undefined ? {} : { job: about.driverJob }) };
  await writeFile(
    folder.runFile,
    sealLine({
      ...{ format: 1, run, study, file, startedAt, driver, sources: digests },
      ...(about.member === undefined ? {} : { member: about.member }),
      ...(settled === undefined ? {} : { settled }),
      ...(imported === undefined ? {} : { imported }),
    }),
    about,
  );
  for (const [index, source] of sources.entries())
    await writeFile(sourceFile(folder, { index, file: source.file }), source.text, about);
}

/** Whoever shares the store reads what its runs have done: `gc` has to, to know what to keep. */
const readableMode = 0o644;

/** On a full disk the system says what it could not do, and not where. */
async function writeFile(path: string, text: string, folder: { readonly sharing: Sharing }): Promise<void> {
  try {
    await write(path, text);
    await share(path, folder, readableMode);
  } catch (error) {
    throw withPath(error, path);
  }
}

/** Plans can be made by hand, without a file. */
async function readStudy(plan: Plan): Promise<readonly StudySource[]> {
  try {
    return [{ file: plan.file, text: await readFile(plan.file, 'utf8') }];
  } catch {
    return [];
  }
}

/** A plan as plain data, with the tasks that were asked for. */
export function frozenPlan(plan: Plan, only: Iterable<TaskId> | undefined): object {
  return {
    format: 1,
    study: plan.study,
    file: plan.file,
    params: plan.params,
    smoke: plan.smoke,
    ...(only === undefined ? {} : { only: [...only] }),
    tasks: [...plan.tasks.values()],
    data: [...plan.data.values()],
  };
}

/** How long events are gathered for one write: what looks on from another terminal is not the slower for it. */
const gatherMs = 50;

/** Appends events as lines, in order. Many that come together are one write. */
export class JournalWriter {
  readonly #path: string;
  readonly #file: FileHandle;
  #lines: string[] = [];
  #writing: Promise<void> | undefined;
  readonly #failure = new AbortController();
  /** Lets a write that gathers begin at once. */
  #hurry: () => void = () => undefined;

  constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /** Aborted when events can no longer be written, with the system's words as its reason. */
  get failed(): AbortSignal {
    return this.#failure.signal;
  }

  append(event: RunEvent): void {
    if (this.failed.aborted) return;
    this.#lines.push(`${sealLine(event)}\n`);
    this.#writing ??= this.#writeSoon();
  }

  /** Everything appended is on the disk when this resolves. */
  async close(): Promise<void> {
    this.#hurry();
    await this.#writing;
    try {
      await this.#file.sync();
    } catch (error) {
      this.#fail(error);
    }
    await this.#file.close();
  }

  async #writeSoon(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, gatherMs);
      this.#hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    try {
      while (this.#lines.length > 0) await this.#file.appendFile(this.#lines.splice(0).join(''));
    } catch (error) {
      this.#fail(error);
    }
    this.#writing = undefined;
  }

  #fail(error: unknown): void {
    this.#lines = [];
    const named = withPath(error, this.#path);
    this.#failure.abort(named instanceof Error ? named.message : String(named));
  }
}
