import { access, constants } from 'node:fs/promises';
import { errorCode } from '../../cache/system-error.ts';
import type { Digest } from '../../cache/digest.ts';
import type { Store } from '../../cache/store.ts';
import { collectGarbage } from '../../cache/upkeep/collect-garbage.ts';
import type { GarbageReport } from '../../cache/upkeep/collect-garbage.ts';
import { rememberUsage } from '../../cache/upkeep/usage.ts';
import { heldClaims } from '../../cache/upkeep/held-claims.ts';
import { listRuns, runNames } from '../../engine/run/journal.ts';
import { runFolder } from '../../engine/run/run-folder.ts';
import type { RunRecord } from '../../engine/run/journal.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { GcFlags } from '../flags.ts';
import { columns, complain, say } from '../io.ts';
import type { Io } from '../io.ts';
import { prepareStore } from '../prepare.ts';
import { formatBytes, plural } from '../progress/duration.ts';
import { recordedRun } from '../recorded-run.ts';
import { storeFailed, tallyText } from './cache.ts';

/** Makes room. What pins, the latest runs and living runs need stays. */
export async function gcCommand(request: { readonly flags: GcFlags; readonly io: Io }): Promise<ExitCode> {
  const { flags, io } = request;
  const maxBytes = flags.maxSize === undefined ? undefined : parseSize(flags.maxSize);
  const keepRuns = Number(flags.keepRuns);
  const olderThanMs = flags.olderThan === undefined ? undefined : parseAge(flags.olderThan);
  if (Number.isNaN(olderThanMs)) {
    complain(io, `--older-than '${flags.olderThan ?? ''}' is no time`, 'e.g. --older-than 90d, 2w, 36h');
    return exitCode.usage;
  }
  if (Number.isNaN(maxBytes) || !Number.isInteger(keepRuns) || keepRuns < 0) {
    complain(
      io,
      Number.isNaN(maxBytes)
        ? `--max-size '${flags.maxSize ?? ''}' is not a size`
        : `--keep-runs '${flags.keepRuns}' is not a count`,
      'e.g. --max-size 500GB --keep-runs 10',
    );
    return exitCode.usage;
  }
  const ready = await prepareStore({ flags, io });
  if (ready.kind === 'exit') return ready.code;
  const { store } = ready;
  const kept = await keptByRuns(store, { keep: keepRuns, study: flags.study });
  if (kept.damaged.length > 0) {
    complain(
      io,
      `nobody can tell what these runs have made, so nothing was removed: ${kept.damaged.join(', ')} cannot be read`,
      '`sweetspot cache verify` mends or moves aside what is damaged, `sweetspot cache init --shared` opens what is closed to the group; then collect again',
    );
    return exitCode.machine;
  }
  if (flags.study !== undefined && kept.made === undefined) {
    complain(io, `no run of a study '${flags.study}' is recorded here`, 'sweetspot ls --all lists the runs');
    return exitCode.usage;
  }
  const busy = flags.now === true && flags.dryRun !== true ? await whoIsBusy(store, kept.going) : undefined;
  if (busy !== undefined) {
    complain(io, `--now needs the store for itself: ${busy}`, 'wait for it, or collect without --now');
    return exitCode.machine;
  }
  const isBare = maxBytes === undefined && olderThanMs === undefined && flags.study === undefined;
  const limit = isBare ? store.quotaBytes : maxBytes;
  const result = await collectGarbage({
    store,
    roots: kept.digests,
    ...(limit === undefined ? {} : { maxBytes: limit }),
    ...(olderThanMs === undefined ? {} : { olderThanMs }),
    ...(kept.made === undefined ? {} : { among: kept.made }),
    dryRun: flags.dryRun === true,
    atOnce: flags.now === true,
  });
  if (result.kind === 'store-failure') return storeFailed(result, io);
  if (result.kind === 'damaged-pins') {
    complain(
      io,
      `these pins cannot be read, so nothing was removed: ${result.paths.join(', ')}`,
      'remove them, or pin again what they kept',
    );
    return exitCode.machine;
  }
  if (!result.dryRun)
    await rememberUsage(store, {
      bytes: result.before.bytes - result.trashed.bytes,
      atMs: Date.now(),
    });
  sayCollected(result, flags, io);
  return exitCode.done;
}

function sayCollected(result: GarbageReport, flags: GcFlags, io: Io): void {
  const would = result.dryRun ? 'would be ' : '';
  const later = flags.now === true || result.trashed.count === 0 ? '' : ' (gc frees their space a day later)';
  say(
    io,
    columns([
      ['stored', tallyText(result.before)],
      ['needed', tallyText(result.live)],
      [`${would}set aside`, `${tallyText(result.trashed)}${later}`],
      [`${would}deleted`, tallyText(result.deleted)],
      [`${would}brought back`, tallyText(result.restored)],
      ['left by killed runs', tallyText(result.leftovers)],
    ]),
  );
  if (result.excessBytes === 0) return;
  const { live, young, excessBytes } = result;
  const age = flags.now === true ? 'a minute' : 'a day';
  say(
    io,
    `still ${formatBytes(excessBytes)} above ${flags.maxSize === undefined ? 'its quota' : '--max-size'}: ${formatBytes(live.bytes)} is needed by pins, the last ${plural(Number(flags.keepRuns), 'run')} and results, ${formatBytes(young.bytes)} is younger than ${age}`,
  );
  if (young.bytes > 0 && flags.now !== true)
    say(io, 'what is young goes in a day, or with --now while nothing runs');
  else if (live.bytes > 0) say(io, 'a smaller --keep-runs, or fewer pins, let go of more');
}

interface KeptByRuns {
  /** Outputs of the latest runs, and all that runs still going have made or read so far. */
  readonly digests: readonly Digest[];
  /** What all runs of the study that was asked for have made; undefined where none was asked for, or has run. */
  readonly made: readonly Digest[] | undefined;
  /** Runs that are going, or may be: on another host, and not silent for long. */
  readonly going: readonly string[];
  /** Files that should have told what to keep. */
  readonly damaged: readonly string[];
}

/** A driver on another host that has said nothing for so long is gone. */
const longestSilenceMs = 30 * 24 * 60 * 60 * 1000;

/** With `study`, `keep` counts its runs alone, and every run of another is kept. */
async function keptByRuns(
  store: Store,
  { keep, study }: { readonly keep: number; readonly study: string | undefined },
): Promise<KeptByRuns> {
  let made: Set<Digest> | undefined;
  let counted = 0;
  const digests = new Set<Digest>();
  const damaged: string[] = [];
  const going: string[] = [];
  damaged.push(...(await closedRuns(store)));
  for (const record of await listRuns(store.runsDir)) {
    const isOther = study !== undefined && record.study !== study;
    const isGoing = mayBeGoing(record);
    if (isGoing) going.push(record.run);
    const isKept = isOther || isGoing || counted < keep;
    if (!isOther) counted += 1;
    if (study === undefined && !isKept) continue;
    const run = await recordedRun(store, record.run);
    // The plan tells of no outputs.
    damaged.push(...(run?.damaged ?? []).filter((path) => path.endsWith('events.jsonl')));
    for (const task of run?.tasks.values() ?? [])
      for (const digest of Object.values(task.outputs)) {
        if (isKept) digests.add(digest);
        if (study !== undefined && !isOther) (made ??= new Set()).add(digest);
      }
  }
  return { digests: [...digests], made: made && [...made], going, damaged };
}

/** Records that this user may not read: what those runs have made cannot be told from what nobody needs. */
async function closedRuns({ runsDir }: Store): Promise<readonly string[]> {
  const closed: string[] = [];
  for (const run of await runNames(runsDir)) {
    const { runFile, eventsFile } = runFolder(runsDir, run);
    for (const file of [runFile, eventsFile]) {
      try {
        await access(file, constants.R_OK);
      } catch (error) {
        if (errorCode(error) === 'EACCES') closed.push(file);
      }
    }
  }
  return closed;
}

function mayBeGoing({ live, driverLiveness, startedAt, lastAt }: RunRecord): boolean {
  if (driverLiveness !== 'unknown') return live;
  return Date.now() - Date.parse(lastAt ?? startedAt) < longestSilenceMs;
}

/** Who uses the store, in words; undefined where nobody is known to. */
async function whoIsBusy(store: Store, going: readonly string[]): Promise<string | undefined> {
  const [run] = going;
  if (run !== undefined) return `run ${run} is going`;
  const [claim] = await heldClaims(store);
  if (claim === undefined) return undefined;
  const { host, pid, job } = claim.owner;
  return host === 'unknown'
    ? `a claim on ${claim.key} cannot be read, and its owner may live`
    : `${job === undefined ? `process ${pid}` : `job ${job}`} on ${host} computes ${claim.key}`;
}

const perUnitMs: { readonly [unit: string]: number } = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/** Milliseconds of `90d`, `2w`, `36h`, `30m`; NaN where it is none. */
function parseAge(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([mhdw])$/.exec(text.trim());
  return match === null ? Number.NaN : Number(match[1]) * perUnitMs[match[2] ?? '']!;
}

/** Bytes of `500GB`, `1.5TiB`, `100`; NaN where it is none. */
export function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]i?)?b?$/i.exec(text.trim());
  if (match === null) return Number.NaN;
  const unit = (match[2] ?? '').toLowerCase();
  const power = ' kmgt'.indexOf(unit.charAt(0) === '' ? ' ' : unit.charAt(0));
  return Math.floor(Number(match[1]) * (unit.endsWith('i') ? 1024 : 1000) ** power);
}
