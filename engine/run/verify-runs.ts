import { createReadStream } from 'node:fs';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { hashFile } from '../../cache/local/hash-file.ts';
import { moveAside } from '../../cache/local/quarantine.ts';
import type { StoreFolder } from '../../cache/store.ts';
import { errorCode } from '../../cache/system-error.ts';
import type { Finding } from '../../cache/upkeep/verify/checked.ts';
import { readEvents, readRecord, runNames } from './journal.ts';
import type { RunRecord } from './journal.ts';
import { runFolder, sourceFile } from './run-folder.ts';
import type { RunFolder } from './run-folder.ts';
import { openLine } from './sealed-line.ts';

export interface VerifiedRuns {
  readonly runs: number;
  readonly findings: readonly Finding[];
}

/**
 * Reads what runs have recorded: who drove what, the frozen plan, the study's files and the events. Of a run that is over,
 * damaged files are moved aside, and the events that are whole are kept. Logs are plain text and tell nothing by themselves.
 */
export async function verifyRuns(store: StoreFolder & { readonly runsDir: string }): Promise<VerifiedRuns> {
  const findings: Finding[] = [];
  let runs = 0;
  for (const run of await runNames(store.runsDir)) {
    const folder = runFolder(store.runsDir, run);
    // Nothing of a run, or of one whose driver was killed before it had said what it is.
    const [about, events] = [await sizeOf(folder.runFile), await sizeOf(folder.eventsFile)];
    if (about === undefined || (about === 0 && events === undefined)) continue;
    runs += 1;
    const record = await readRecord(store.runsDir, run);
    if (record === undefined) findings.push(await unknownRun(store, folder));
    else findings.push(...(await findingsOf(store, folder, record)));
  }
  return { runs, findings };
}

async function unknownRun(store: StoreFolder, folder: RunFolder): Promise<Finding> {
  const path = folder.runFile;
  const problem = 'is damaged, so that nobody knows what run that was';
  const { events } = readEvents(await readFile(folder.eventsFile, 'utf8').catch(() => ''));
  if (events.at(-1)?.kind !== 'run-finished')
    return { path, problem, wayOut: `remove ${folder.dir} if that run is over; results do not depend on it` };
  const movedTo = await moveAside(store, folder.dir, (await stat(folder.dir)).ino);
  return { path, problem, movedTo, wayOut: 'its whole folder was moved; results do not depend on it' };
}

async function findingsOf(
  store: StoreFolder,
  folder: RunFolder,
  record: RunRecord,
): Promise<readonly Finding[]> {
  const isOver = record.driverLiveness === 'dead';
  const findings: Finding[] = [];
  if (await isDamagedPlan(folder.planFile)) {
    const wayOut = 'of that run, `why` and `status` know the events alone';
    findings.push(await damaged(store, { path: folder.planFile, problem: 'is damaged', wayOut, isOver }));
  }
  const lines = await damagedLines(folder.eventsFile);
  if (lines > 0) {
    const problem = `has ${lines} damaged ${lines === 1 ? 'line' : 'lines'}`;
    const path = folder.eventsFile;
    const wayOut = isOver ? 'what else it tells was kept' : 'run this again when that run is over';
    findings.push(
      isOver
        ? { path, problem, movedTo: await leaveOutDamaged(store, path), wayOut }
        : { path, problem, wayOut },
    );
  }
  for (const [index, { file, sha256 }] of (record.sources ?? []).entries()) {
    const path = sourceFile(folder, { index, file });
    if (!(await isThere(path)) || (await hashFile(path)).digest === sha256) continue;
    const wayOut = 'it was a copy of the study as it was, for people';
    findings.push(await damaged(store, { path, problem: 'is not what the run had read', wayOut, isOver }));
  }
  return findings;
}

async function damaged(store: StoreFolder, found: Finding & { readonly isOver: boolean }): Promise<Finding> {
  const { path, problem, wayOut, isOver } = found;
  if (!isOver) return { path, problem, wayOut };
  return { path, problem, movedTo: await moveAside(store, path, (await stat(path)).ino), wayOut };
}

async function isDamagedPlan(path: string): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text !== '' && openLine(text) === undefined;
}

async function damagedLines(path: string): Promise<number> {
  let lines = 0;
  try {
    for await (const line of linesOf(path)) if (line !== '' && openLine(line) === undefined) lines += 1;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
  return lines;
}

/** Puts a file without the damaged lines in the place of one; answers where that lies now. */
async function leaveOutDamaged(store: StoreFolder, path: string): Promise<string> {
  const mended = `${path}.mended`;
  {
    await using file = await open(mended, 'w');
    for await (const line of linesOf(path)) if (openLine(line) !== undefined) await file.write(`${line}\n`);
    await file.sync();
  }
  const movedTo = await moveAside(store, path, (await stat(path)).ino);
  await rename(mended, path);
  return movedTo;
}

/** Whole lines: the last one of a driver that died, or found no room, may have no end. */
async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(path, 'utf8') as AsyncIterable<string>) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await sizeOf(path)) !== undefined;
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}
