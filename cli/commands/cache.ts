import type { Digest } from '../../cache/digest.ts';
import type { StoreFailure } from '../../cache/failures.ts';
import type { Store } from '../../cache/store.ts';
import { collectGarbage } from '../../cache/upkeep/collect-garbage.ts';
import { isPinName, setPin } from '../../cache/upkeep/pins.ts';
import { storeStats } from '../../cache/upkeep/store-stats.ts';
import type { Tally } from '../../cache/upkeep/tally.ts';
import { verifyStore } from '../../cache/upkeep/verify-store.ts';
import { listRuns } from '../../engine/run/journal.ts';
import { chooseRecorded } from '../choose-recorded.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { columns, complain, say } from '../io.ts';
import type { Io } from '../io.ts';
import { prepareStore } from '../prepare.ts';
import type { GcFlags, RunChoiceFlags, StoreFlags } from '../flags.ts';
import { formatBytes, plural } from '../progress/duration.ts';
import { recordedRun } from '../recorded-run.ts';

/** Makes room. What pins, the latest runs and living runs need stays. */
export async function gcCommand(request: { readonly flags: GcFlags; readonly io: Io }): Promise<ExitCode> {
  const { flags, io } = request;
  const maxBytes = flags.maxSize === undefined ? undefined : parseSize(flags.maxSize);
  const keepRuns = Number(flags.keepRuns);
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
  const result = await collectGarbage({
    store: ready.store,
    roots: await digestsOfRuns(ready.store, keepRuns),
    ...(maxBytes === undefined ? {} : { maxBytes }),
    dryRun: flags.dryRun === true,
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
  const would = result.dryRun ? 'would be ' : '';
  say(
    io,
    columns([
      ['stored', tallyText(result.before)],
      ['needed', tallyText(result.live)],
      [`${would}set aside`, `${tallyText(result.trashed)} (their space is free a day later)`],
      [`${would}deleted`, tallyText(result.deleted)],
      [`${would}brought back`, tallyText(result.restored)],
      ['left by killed runs', tallyText(result.leftovers)],
    ]),
  );
  if (result.excessBytes > 0)
    say(
      io,
      `still ${formatBytes(result.excessBytes)} above --max-size: what is left is needed or younger than a day`,
    );
  return exitCode.done;
}

/** Outputs of the latest runs, and all that runs still going have made or read so far. */
async function digestsOfRuns(store: Store, keep: number): Promise<readonly Digest[]> {
  const digests = new Set<Digest>();
  for (const [index, record] of (await listRuns(store.runsDir)).entries()) {
    if (index >= keep && !record.live) continue;
    const run = await recordedRun(store, record.run);
    for (const task of run?.tasks.values() ?? [])
      for (const digest of Object.values(task.outputs)) digests.add(digest);
  }
  return [...digests];
}

/** Reads everything. Exit code 1 where something was bad; it has been moved aside and will be made anew when needed. */
export async function verifyCommand(request: {
  readonly flags: StoreFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { flags, io } = request;
  const ready = await prepareStore({ flags, io });
  if (ready.kind === 'exit') return ready.code;
  const report = await verifyStore({ store: ready.store });
  if (report.kind === 'store-failure') return storeFailed(report, io);
  for (const { digest, movedTo } of report.corruptBlobs)
    complain(io, `blob ${digest} was not what its name says; moved to ${movedTo}`);
  for (const { key, movedTo } of report.corruptActions)
    complain(io, `the result of ${key} was damaged; moved to ${movedTo}`);
  for (const { name, missing } of report.brokenPins)
    complain(io, `pin ${name}: ${plural(missing.length, 'blob')} missing`);
  for (const path of report.damagedPins) complain(io, `pin ${path} cannot be read`);
  const bad =
    report.corruptBlobs.length +
    report.corruptActions.length +
    report.brokenPins.length +
    report.damagedPins.length;
  say(
    io,
    `${plural(report.blobs, 'blob')} (${formatBytes(report.bytes)}) and ${plural(report.actions, 'result')} read: ${bad === 0 ? 'all as they should be' : `${bad} bad, named above`}`,
  );
  return bad === 0 ? exitCode.done : exitCode.taskFailed;
}

/** How much is stored. */
export async function statsCommand(request: {
  readonly flags: StoreFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { flags, io } = request;
  const ready = await prepareStore({ flags, io });
  if (ready.kind === 'exit') return ready.code;
  const stats = await storeStats(ready.store);
  if (stats.kind === 'store-failure') return storeFailed(stats, io);
  if (flags.json === true) say(io, JSON.stringify({ store: ready.store.root, ...stats }, null, 2));
  else {
    say(
      io,
      columns([
        ['store', ready.store.root],
        ['blobs', tallyText(stats.blobs)],
        ['results', String(stats.actions)],
        ['snapshots', tallyText(stats.snapshots)],
        ['trash', tallyText(stats.trash)],
        ['moved aside', tallyText(stats.quarantine)],
        ['claims', String(stats.claims)],
        ['pins', String(stats.pins)],
        ['runs', String(stats.runs)],
      ]),
    );
  }
  return exitCode.done;
}

/** Keeps what tasks made under a name, whatever gc is told. */
export async function pinCommand(request: {
  readonly name: string;
  readonly address: string;
  readonly flags: RunChoiceFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { name, io } = request;
  if (!isPinName(name)) {
    complain(io, `'${name}' cannot name a pin`, 'letters, digits, dot, dash and underscore');
    return exitCode.usage;
  }
  const chosen = await chooseRecorded(request);
  if (chosen.kind === 'exit') return chosen.code;
  const digests = chosen.tasks.flatMap((task) => Object.values(task.outputs));
  const result = await setPin(chosen.store, { name, digests });
  if (result.kind === 'store-failure') return storeFailed(result, io);
  say(io, `pinned ${plural(digests.length, 'artifact')} as ${name}`);
  return exitCode.done;
}

function storeFailed(failure: StoreFailure, io: Io): ExitCode {
  complain(io, `${failure.path}: ${failure.detail}`);
  return exitCode.machine;
}

function tallyText({ count, bytes }: Tally): string {
  return `${count} (${formatBytes(bytes)})`;
}

/** Bytes of `500GB`, `1.5TiB`, `100`; NaN where it is none. */
export function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]i?)?b?$/i.exec(text.trim());
  if (match === null) return Number.NaN;
  const unit = (match[2] ?? '').toLowerCase();
  const power = ' kmgt'.indexOf(unit.charAt(0) === '' ? ' ' : unit.charAt(0));
  return Math.floor(Number(match[1]) * (unit.endsWith('i') ? 1024 : 1000) ** power);
}
