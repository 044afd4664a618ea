import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { writeSettingsAnew } from '../../cache/local/store-settings.ts';
import { openStore } from '../../cache/open-store.ts';
import { shareStore } from '../../cache/upkeep/share-store.ts';
import { guarded } from '../../cache/system-error.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { probeFileSystem, probeSharing } from '../file-system-probe.ts';
import type { InitFlags } from '../flags.ts';
import { complain, say } from '../io.ts';
import type { Io } from '../io.ts';
import { openWorkspace } from '../prepare.ts';
import { plural } from '../progress/duration.ts';
import { parseSize } from './cache-gc.ts';
import { complainOfStore } from '../store-trouble.ts';
import { shownPath } from '../workspace.ts';

interface InitRequest {
  readonly dir: string | undefined;
  readonly flags: InitFlags;
  readonly io: Io;
}

/** Makes a store, or lets a group into one that is there, and tries what its file system can do. */
export async function initCommand({ dir, flags, io }: InitRequest): Promise<ExitCode> {
  if (flags.group !== undefined && flags.shared !== true) {
    complain(
      io,
      '--group says with whom a store is shared',
      `sweetspot cache init --shared --group ${flags.group}`,
    );
    return exitCode.usage;
  }
  const root = await rootOf({ dir, flags, io });
  if (root === undefined) return exitCode.usage;
  const group = flags.group === undefined ? undefined : await groupNumber(flags.group);
  if (flags.group !== undefined && group === undefined) {
    complain(io, `there is no group '${flags.group}' on this machine`, 'getent group lists them');
    return exitCode.usage;
  }
  const quota = quotaOf(flags);
  if (quota === 'wrong') {
    complain(
      io,
      `--quota '${flags.quota ?? ''}' is not a size`,
      'e.g. --quota 2TB, or --quota none for no limit',
    );
    return exitCode.usage;
  }
  const opened = await openStore({
    dir: root,
    sharing: flags.shared === true ? 'group' : 'umask',
    signed: flags.signed === true,
  });
  if (opened.kind !== 'opened') {
    if (opened.kind === 'incompatible') complain(io, opened.message);
    else complainOfStore(io, opened);
    return exitCode.machine;
  }
  if (flags.shared === true) {
    const shared = await shareStore({ folder: opened.store, group });
    if (shared.kind === 'store-failure') {
      complainOfStore(io, shared);
      return exitCode.machine;
    }
    if (shared.refused.length > 0) {
      sayRefused(shared.refused, flags, io);
      return exitCode.machine;
    }
  }
  if (quota !== undefined || flags.signed === true) {
    const { quotaBytes: before, ...store } = opened.store;
    const quotaBytes = quota === undefined ? before : quota.bytes;
    const failure = await guarded(root, () =>
      writeSettingsAnew({
        root,
        sharing: flags.shared === true ? 'group' : store.sharing,
        signed: flags.signed === true || store.signed === true,
        ...(quotaBytes === undefined ? {} : { quotaBytes }),
      }),
    );
    if (failure !== undefined) {
      complainOfStore(io, failure);
      return exitCode.machine;
    }
  }
  return await sayReady(root, flags, io);
}

/** What is asked for; undefined where nothing is. */
function quotaOf({ quota }: InitFlags): { readonly bytes: number | undefined } | undefined | 'wrong' {
  if (quota === undefined) return undefined;
  if (quota === 'none') return { bytes: undefined };
  const bytes = parseSize(quota);
  return bytes > 0 ? { bytes } : 'wrong';
}

async function rootOf({ dir, flags, io }: InitRequest): Promise<string | undefined> {
  if (dir !== undefined) return resolve(io.cwd, dir);
  const found = await openWorkspace({ flags, data: [], io });
  return found.kind === 'found' ? found.workspace.storeDir : undefined;
}

function sayRefused(refused: readonly string[], { group }: InitFlags, io: Io): void {
  const [first = ''] = refused;
  const them = refused.length === 1 ? first : `${first} and ${plural(refused.length - 1, 'other')}`;
  complain(
    io,
    `the system refuses to share ${them}`,
    group === undefined
      ? 'they belong to somebody else: let each owner, or root, run the same command'
      : `are you in the group '${group}'? What belongs to somebody else, its owner or root can share by the same command`,
  );
}

/** What the file system of the store can and cannot do, and how members name it. */
async function sayReady(root: string, flags: InitFlags, io: Io): Promise<ExitCode> {
  const { shared, signed, quota } = flags;
  const probes = await guarded(root, async () => [
    ...(await probeFileSystem(root)),
    ...(shared === true ? await probeSharing(root) : []),
  ]);
  if ('kind' in probes) {
    complainOfStore(io, probes);
    return exitCode.machine;
  }
  const bad = probes.filter(({ ok, required }) => required && !ok);
  for (const { name, detail } of bad)
    complain(
      io,
      `the file system of ${root} fails a store in this: ${name}: ${detail}`,
      'choose a folder elsewhere',
    );
  if (bad.length > 0) return exitCode.machine;
  const { gid } = await stat(root);
  const whom = shared === true ? `, shared with the group ${await groupName(gid)}` : '';
  const at = quota === undefined || quota === 'none' ? '' : `, of ${quota} at most`;
  say(io, `store at ${shownPath(root, io.cwd)}${whom}${at}`);
  if (signed === true)
    say(
      io,
      'only signed results count: each member runs sweetspot cache key new, and sweetspot cache trust add for the others',
    );
  if (shared === true) say(io, `each member writes into sweetspot.config.yaml: cache: ${root}`);
  return exitCode.done;
}

async function groupNumber(name: string): Promise<number | undefined> {
  const [, , number] = await groupEntry(name);
  return number === undefined ? undefined : Number(number);
}

async function groupName(gid: number): Promise<string> {
  const [name] = await groupEntry(String(gid));
  return name ?? String(gid);
}

/** The fields of a group as the system's name services know it, LDAP included; none where there is no such group. */
async function groupEntry(nameOrNumber: string): Promise<readonly string[]> {
  try {
    const { stdout } = await promisify(execFile)('getent', ['group', '--', nameOrNumber]);
    return stdout.trim().split(':');
  } catch {
    return [];
  }
}
