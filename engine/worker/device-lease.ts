import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, link, mkdir, readFile, readdir, rename, rmdir, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { livenessOf, ownIdentity } from '../../cache/process-identity.ts';
import type { ProcessIdentity } from '../../cache/process-identity.ts';
import { isRunning } from './is-running.ts';

/** A share of a device of this host, held until disposed of or until the process ends. */
export type DeviceLease = AsyncDisposable;

export interface LeaseRequest {
  /** Host-wide folder. */
  readonly leaseDir: string;
  readonly deviceId: string;
  /** In (0, 1]. */
  readonly share: number;
}

export type LeaseResult =
  | { readonly kind: 'leased'; readonly lease: DeviceLease }
  | { readonly kind: 'busy'; readonly holder: ProcessIdentity };

interface Holder extends ProcessIdentity {
  readonly number: number;
  readonly share: number;
}

/**
 * Takes a share of a device for this process, if what living processes of this host hold leaves room for it. Leases are
 * numbered files, made by `link` so that exactly one process makes each; whoever finds after linking that it is too much
 * steps back, so that no device is ever booked twice (two may both step back, and try again).
 */
export async function leaseDevice({ leaseDir, deviceId, share }: LeaseRequest): Promise<LeaseResult> {
  await makeFolderForAll(leaseDir);
  const stem = join(leaseDir, encodeURIComponent(deviceId));
  const before = await holders(stem);
  const full = tooFull(before, share);
  if (full !== undefined) return { kind: 'busy', holder: full };

  const number = Math.max(0, ...before.map((each) => each.number)) + 1;
  const mine = `${stem}.${number}`;
  const me = ownIdentity();
  const draft = join(leaseDir, `draft-${randomBytes(8).toString('hex')}`);
  try {
    await writeFile(draft, JSON.stringify({ ...me, share }), { flag: 'wx' });
    await chmod(draft, 0o644);
    await link(draft, mine);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return { kind: 'busy', holder: (await readHolder(mine)) ?? me };
  } finally {
    await removeIfThere(draft);
  }

  const others = (await holders(stem)).filter((each) => each.number !== number);
  const rival = tooFull(others, share);
  if (rival !== undefined) {
    await removeIfThere(mine);
    return { kind: 'busy', holder: rival };
  }
  for (const dead of before.filter((each) => !isAlive(each))) await removeIfThere(`${stem}.${dead.number}`);
  return { kind: 'leased', lease: { [Symbol.asyncDispose]: () => removeIfThere(mine) } };
}

/** One of the living holders, if together they leave less than `share`. */
function tooFull(all: readonly Holder[], share: number): Holder | undefined {
  const living = all.filter(isAlive);
  const taken = living.reduce((sum, each) => sum + each.share, 0);
  // Thirds do not quite sum to one.
  return taken + share > 1 + 1e-6 ? living[0] : undefined;
}

/**
 * Devices are shared by everybody on the host, so the folder of their leases is, too. It appears open to all, by rename:
 * another user must not meet it before.
 */
async function makeFolderForAll(dir: string): Promise<void> {
  if (existsSync(dir)) return;
  await mkdir(dirname(dir), { recursive: true });
  const fresh = `${dir}.${randomBytes(8).toString('hex')}`;
  await mkdir(fresh);
  try {
    await chmod(fresh, 0o777);
    await rename(fresh, dir);
  } catch (error) {
    await rmdir(fresh).catch(() => undefined);
    // Somebody else was first; in a sticky folder theirs cannot be replaced even while it is empty.
    if (!existsSync(dir)) throw error;
  }
}

async function holders(stem: string): Promise<readonly Holder[]> {
  const found: Holder[] = [];
  for (const name of await readdir(dirname(stem))) {
    if (!name.startsWith(`${basename(stem)}.`)) continue;
    const number = Number(name.slice(basename(stem).length + 1));
    const holder = Number.isInteger(number) ? await readHolder(`${stem}.${number}`) : undefined;
    if (holder !== undefined) found.push({ ...holder, number });
  }
  return found;
}

/** What a power cut has left empty, or a disk has damaged, is nobody's. */
const nobody: Omit<Holder, 'number'> = { host: '', pid: 0, share: 0 };

async function readHolder(path: string): Promise<Omit<Holder, 'number'> | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const holder = JSON.parse(text) as Omit<Holder, 'number'>;
    return typeof holder.pid === 'number' && typeof holder.share === 'number' ? holder : nobody;
  } catch {
    return nobody;
  }
}

/**
 * Where the system tells processes of one number apart, by that; elsewhere by the number alone. The folder of leases is this
 * host's own, so that what an earlier boot has left there is dead.
 */
function isAlive(holder: ProcessIdentity): boolean {
  if (holder.pid === nobody.pid) return false;
  const liveness = livenessOf(holder, { onLocalDisk: true });
  return liveness === 'unknown' ? isRunning(holder.pid) : liveness === 'alive';
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Another user's leftover that may not be removed is outnumbered all the same.
    if (code !== 'ENOENT' && code !== 'EPERM' && code !== 'EACCES') throw error;
  }
}
