import { open, readFile, readdir } from 'node:fs/promises';
import type { JsonObject } from '../../cache/json.ts';
import { livenessOf } from '../../cache/process-identity.ts';
import type { Liveness, ProcessIdentity } from '../../cache/process-identity.ts';
import { resumedBy } from './detached.ts';
import type { RunCounts, RunEvent, RunOutcome } from './events.ts';
import { runFolder } from './run-folder.ts';
import { openLine } from './sealed-line.ts';

/** A run as its folder tells it, live or past. */
export interface RunRecord {
  readonly run: string;
  readonly study: string;
  /** Absolute path of the study file. */
  readonly file: string;
  readonly startedAt: string;
  readonly driver: ProcessIdentity;
  /** Who ran it, where the configuration says. */
  readonly member?: string;
  /** The study's files and what they held. Runs of earlier versions do not say. */
  readonly sources?: readonly { readonly file: string; readonly sha256: string }[];
  /** Whether it stands for results that were imported: nothing was run. */
  readonly imported?: true;
  /** Undefined while it runs, and for good if its driver died. */
  readonly outcome: RunOutcome | undefined;
  /** Whether the driver still lives, as far as this host knows. */
  readonly live: boolean;
  /** The same in full: of a driver on another host nothing is known, unless it works in a job of a cluster. */
  readonly driverLiveness: Liveness;
  /** Its driver is a job that has not begun yet, or waits to begin anew. */
  readonly waits?: true;
  /** The run that its driver's job goes on with, since it was begun anew. */
  readonly resumedBy?: string;
  /** Time of the last event, ISO 8601; undefined where there is none. */
  readonly lastAt: string | undefined;
  /** What the run said at its end. */
  readonly end: RunEnd | undefined;
}

export interface RunEnd {
  readonly at: string;
  readonly counts: RunCounts;
  readonly durationMs: number;
}

export interface RunReading {
  readonly record: RunRecord;
  /** In order. A last line that a dying driver left torn is passed over. */
  readonly events: readonly RunEvent[];
  /** The plan as frozen at the start; empty where its driver died before that. */
  readonly plan: JsonObject;
  /** Files of the run that are damaged: what they no longer tell is left out here. */
  readonly damaged: readonly string[];
}

/** Bytes from the end of the events that hold the last one. */
const lastEventBytes = 4_000;

/** One run with all its events; undefined where there is none of that name. */
export async function readRun(runsDir: string, run: string): Promise<RunReading | undefined> {
  const about = await readRunAbout(runsDir, run);
  if (about === undefined) return undefined;
  const folder = runFolder(runsDir, run);
  const { events, damagedLines } = readEvents(await readFile(folder.eventsFile, 'utf8').catch(() => ''));
  const plan = await readPlan(folder.planFile);
  const damaged = [
    ...(damagedLines === 0 ? [] : [folder.eventsFile]),
    ...(plan === undefined ? [folder.planFile] : []),
  ];
  return { record: await recordOf(runsDir, about, events.at(-1)), events, plan: plan ?? {}, damaged };
}

/** Empty where the driver died before it had frozen the plan; undefined where it is damaged. */
async function readPlan(path: string): Promise<JsonObject | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text === '' ? {} : (openLine(text) as JsonObject | undefined);
}

/** All runs, the newest first. */
export async function listRuns(runsDir: string): Promise<readonly RunRecord[]> {
  const records: RunRecord[] = [];
  for await (const record of eachRun(runsDir)) records.push(record);
  return records;
}

/** The run that began last, or undefined where none is recorded. */
export async function newestRun(runsDir: string): Promise<RunRecord | undefined> {
  for await (const record of eachRun(runsDir)) return record;
  return undefined;
}

/** One run without its events; undefined where there is none of that name. */
export async function readRecord(runsDir: string, run: string): Promise<RunRecord | undefined> {
  const about = await readRunAbout(runsDir, run);
  return about === undefined
    ? undefined
    : recordOf(runsDir, about, await lastEvent(runFolder(runsDir, run).eventsFile));
}

/** One run after the other, the newest first: who finds what they look for reads no further. */
export async function* eachRun(runsDir: string): AsyncGenerator<RunRecord> {
  for (const name of await runNames(runsDir)) {
    const record = await readRecord(runsDir, name);
    if (record !== undefined) yield record;
  }
}

/** Names of folders, the newest first; not all have to be runs. */
export async function runNames(runsDir: string): Promise<readonly string[]> {
  return (await readdir(runsDir).catch(() => [])).sort().reverse();
}

/** Events out of lines; lines that are none (torn, damaged, or of a later version) are passed over. */
export function parseEvents(text: string): readonly RunEvent[] {
  return readEvents(text).events;
}

export interface ReadEvents {
  readonly events: readonly RunEvent[];
  /** Whole lines that are no events. A last line without its end is one that was never written to its end. */
  readonly damagedLines: number;
}

/** As `parseEvents`, and how many lines were passed over. */
export function readEvents(text: string): ReadEvents {
  const lines = text.split('\n');
  const torn = lines.pop() ?? '';
  const events = lines.flatMap((line) => eventOf(line) ?? []);
  const damagedLines = lines.filter((line) => line !== '').length - events.length;
  return { events: [...events, ...(eventOf(torn) ?? [])], damagedLines };
}

/** In a list; undefined for a line that is no event. */
function eventOf(line: string): readonly [RunEvent] | undefined {
  const value = line === '' ? undefined : openLine(line);
  return value !== undefined && 'kind' in value ? [value as RunEvent] : undefined;
}

export type RunAbout = Pick<
  RunRecord,
  'run' | 'study' | 'file' | 'startedAt' | 'driver' | 'member' | 'sources' | 'imported'
>;

/** Who drives which study since when; undefined where the folder tells of no run. */
export async function readRunAbout(runsDir: string, run: string): Promise<RunAbout | undefined> {
  try {
    return openLine(await readFile(runFolder(runsDir, run).runFile, 'utf8')) as RunAbout | undefined;
  } catch {
    // Not a run's folder, or one whose driver died before it had said what it is.
    return undefined;
  }
}

async function recordOf(runsDir: string, about: RunAbout, last: RunEvent | undefined): Promise<RunRecord> {
  const { run, study, file, startedAt, driver, member, sources, imported } = about;
  const goesOnAs = driver.job === undefined ? undefined : await resumedBy(runFolder(runsDir, about.run));
  const known = {
    ...(goesOnAs === undefined ? {} : { resumedBy: goesOnAs }),
    ...{ run, study, file, startedAt, driver, lastAt: last?.at },
    ...(member === undefined ? {} : { member }),
    ...(sources === undefined ? {} : { sources }),
    ...(imported === undefined ? {} : { imported }),
  };
  if (last?.kind === 'run-finished') {
    const { at, outcome, counts, durationMs } = last;
    return { ...known, outcome, live: false, driverLiveness: 'dead', end: { at, counts, durationMs } };
  }
  const { liveness, waits } = goesOnAs === undefined ? await livenessOfDriver(driver) : gone;
  return {
    ...{ ...known, outcome: undefined, live: liveness === 'alive', driverLiveness: liveness, end: undefined },
    ...(waits ? { waits } : {}),
  };
}

interface DriverState {
  readonly liveness: Liveness;
  readonly waits: boolean;
}
const gone: DriverState = { liveness: 'dead', waits: false };

/** What this host does not know of the driver, the queue may know of its job. */
async function livenessOfDriver(driver: ProcessIdentity): Promise<DriverState> {
  const liveness = livenessOf(driver);
  if (liveness !== 'unknown' || driver.job === undefined) return { liveness, waits: false };
  const { jobStage } = await import('../executors/slurm/job-stages.ts');
  switch (await jobStage(driver.job)) {
    case 'running':
      return { liveness: 'alive', waits: false };
    case 'waiting':
      return { liveness: 'unknown', waits: true };
    case 'ended':
      return gone;
    case undefined:
      return { liveness, waits: false };
  }
}

async function lastEvent(path: string): Promise<RunEvent | undefined> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    const length = Math.min(size, lastEventBytes);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return parseEvents(buffer.toString('utf8')).at(-1);
  } catch {
    return undefined;
  }
}
