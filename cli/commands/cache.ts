import type { StoreFailure } from '../../cache/failures.ts';
import { isPinName, setPin } from '../../cache/upkeep/pins.ts';
import type { RemoteUse } from '../../cache/remotes/remote-use.ts';
import { readUses } from '../../cache/remotes/uses/read-uses.ts';
import { fingerprint } from '../../cache/signatures/signature.ts';
import type { Signer } from '../../cache/signatures/signature.ts';
import { rememberUsage } from '../../cache/upkeep/usage.ts';
import { storeStats } from '../../cache/upkeep/store-stats.ts';
import type { StoreStats } from '../../cache/upkeep/store-stats.ts';
import type { Tally } from '../../cache/upkeep/tally.ts';
import { verifyStore } from '../../cache/upkeep/verify-store.ts';
import type { VerifyReport } from '../../cache/upkeep/verify-store.ts';
import { cacheUses } from '../../engine/run/cache-use.ts';
import type { CacheUses } from '../../engine/run/cache-use.ts';
import { verifyRuns } from '../../engine/run/verify-runs.ts';
import { chooseRecorded } from '../choose-recorded.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { columns, complain, say } from '../io.ts';
import type { Io } from '../io.ts';
import { prepareStore } from '../prepare.ts';
import type { RunChoiceFlags, StoreFlags } from '../flags.ts';
import { formatBytes, plural } from '../progress/duration.ts';
import type { StatsDocument } from '../json-output.ts';
import { jsonFormat } from '../json-format.ts';
import { sayDocument } from '../say-json.ts';
import { readSigners } from '../signing-files.ts';
import { complainOfStore } from '../store-trouble.ts';

/** Reads everything. Exit code 1 where something was bad; it has been named, and where it can be, moved aside or mended. */
export async function verifyCommand(request: {
  readonly file: string | undefined;
  readonly flags: StoreFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { file, flags, io } = request;
  if (file !== undefined) {
    complain(
      io,
      `verify reads the whole store, and asks for no '${file}'`,
      `to run tasks of a study again: sweetspot cache verify --rerun ${file}`,
    );
    return exitCode.usage;
  }
  const ready = await prepareStore({ flags, io, quietOnDamage: true });
  if (ready.kind === 'exit') return ready.code;
  const report = await verifyStore({ store: ready.store });
  if (report.kind === 'store-failure') return storeFailed(report, io);
  const records = await verifyRuns(ready.store);
  const findings = [
    ...report.findings,
    ...records.findings.map((finding) => ({ what: 'record of a run', ...finding })),
  ];
  for (const { what, path, problem, movedTo, wayOut } of findings) {
    const moved = movedTo === undefined || movedTo === path ? '' : `; moved to ${movedTo}`;
    complain(io, `${what} ${path} ${problem}${moved}`, wayOut);
  }
  const bad = findings.length;
  const verdict = bad === 0 ? 'all as they should be' : `${bad} bad, named above`;
  say(io, `${readText(report, records.runs)} read: ${verdict}`);
  return bad === 0 ? exitCode.done : exitCode.taskFailed;
}

/** How much of what was read, in words. */
function readText({ read }: VerifyReport, runs: number): string {
  const parts = [...read].map(([what, { count, bytes }]) =>
    what === 'blob' ? `${plural(count, what)} (${formatBytes(bytes)})` : plural(count, what),
  );
  return [...parts, plural(runs, 'run')].join(', ');
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
  const { quotaBytes } = ready.store;
  await rememberUsage(ready.store, { bytes: stats.blobs.bytes, atMs: Date.now() });
  if (flags.json === true)
    sayDocument(io, {
      format: jsonFormat,
      store: ready.store.root,
      ...(quotaBytes === undefined ? {} : { quotaBytes }),
      ...stats,
      ...(await cacheUses(ready.store)),
      remotes: remoteUses(await readUses(ready.store)),
    });
  else {
    say(
      io,
      columns([
        ['store', ready.store.root],
        [
          'blobs',
          `${tallyText(stats.blobs)}${quotaBytes === undefined ? '' : ` of a quota of ${formatBytes(quotaBytes)}`}`,
        ],
        ['results', String(stats.actions)],
        ...signedRows(stats.signed, await readSigners(io.env)),
        ['snapshots', tallyText(stats.snapshots)],
        ['trash', tallyText(stats.trash)],
        ['moved aside', tallyText(stats.quarantine)],
        ['claims', String(stats.claims)],
        ['pins', String(stats.pins)],
        ['runs', String(stats.runs)],
      ]),
    );
    sayUses(await cacheUses(ready.store), io);
    sayRemotes(await readUses(ready.store), io);
  }
  return exitCode.done;
}

/** Who has signed how many; who is not believed here is called by the key. */
function signedRows(
  signed: StoreStats['signed'],
  signers: readonly Signer[],
): readonly (readonly string[])[] {
  const names = new Map(signers.map(({ name, key }) => [fingerprint(key), name]));
  return Object.entries(signed).map(([of, count], index) => [
    index === 0 ? 'signed' : '',
    `${count} by ${names.get(of) ?? `${of}, not trusted here`}`,
  ]);
}

/** What the cache has been good for: by study, and by member where the configuration of anybody names one. */
function sayUses({ uses, runsLeftOut }: CacheUses, io: Io): void {
  if (uses.length === 0) return;
  const named = uses.some(({ member }) => member !== undefined);
  const rows = uses.map((use) => [
    use.study,
    ...(named ? [use.member ?? '-'] : []),
    String(use.runs),
    `${Math.round((100 * use.hits) / Math.max(1, use.hits + use.computed))} %`,
    formatBytes(use.savedBytes),
    hours(use.savedGpuMs),
    hours(use.savedCpuMs),
  ]);
  const head = ['study', ...(named ? ['member'] : []), 'runs', 'hits', 'bytes', 'GPU-hours', 'CPU-hours'];
  say(io, '\nsaved by the cache');
  say(io, columns([head, ...rows]));
  if (runsLeftOut > 0) say(io, `${plural(runsLeftOut, 'older run')} left out`);
}

function remoteUses(uses: ReadonlyMap<string, RemoteUse>): StatsDocument['remotes'] {
  return [...uses].map(([remote, use]) => ({ remote, ...use }));
}

/** What remotes have been good for, as far as this store knows. */
function sayRemotes(uses: ReadonlyMap<string, RemoteUse>, io: Io): void {
  if (uses.size === 0) return;
  const head = ['remote', 'results', 'refused', 'fetched', 'brought', 'GPU-hours', 'CPU-hours'];
  const rows = [...uses].map(([remote, use]) => [
    remote,
    String(use.hits),
    String(use.refused),
    formatBytes(use.fetchedBytes),
    formatBytes(use.sentBytes),
    hours(use.savedGpuMs),
    hours(use.savedCpuMs),
  ]);
  say(io, '\nsaved by remotes');
  say(io, columns([head, ...rows]));
}

function hours(ms: number): string {
  const value = ms / 3_600_000;
  return value === 0 ? '0' : value < 0.1 ? '< 0.1' : value.toFixed(1);
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
    complain(
      io,
      `'${name}' cannot name a pin`,
      'write it with letters, digits, dot, dash and underscore, e.g. paper-v1',
    );
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

export function storeFailed(failure: StoreFailure, io: Io): ExitCode {
  complainOfStore(io, failure);
  return exitCode.machine;
}

export function tallyText({ count, bytes }: Tally): string {
  return `${count} (${formatBytes(bytes)})`;
}
