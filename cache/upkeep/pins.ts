import { readFile, unlink } from 'node:fs/promises';
import { parseDigest } from '../digest.ts';
import type { Digest } from '../digest.ts';
import type { StoreFailure } from '../failures.ts';
import { folderPath } from '../local/store-folder.ts';
import type { StoreFolder } from '../store.ts';
import { TemporaryFile } from '../local/temporary-file.ts';
import { namesIn } from '../local/names-in.ts';
import { openRecord, sealRecord } from '../sealed-record.ts';
import { errorCode, guarded } from '../system-error.ts';

/** Artifacts (or single blobs) that garbage collection keeps for as long as the pin stands. */
export interface Pin {
  readonly name: string;
  readonly digests: readonly Digest[];
}

export interface Pins {
  readonly pins: readonly Pin[];
  /** Paths of pin files that cannot be read: nobody knows what they keep, so nothing may be collected. */
  readonly damaged: readonly string[];
}

/** A pin's name is a file's name, the same on every system. */
export function isPinName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name);
}

/** Makes a pin, or puts it in place of the one of that name. Throws where `isPinName` says no. */
export function setPin(
  folder: StoreFolder,
  { name, digests }: Pin,
): Promise<{ readonly kind: 'pinned' } | StoreFailure> {
  const path = pinPath(folder, name);
  return guarded(path, async () => {
    using temporary = await TemporaryFile.write(folder, folderPath(folder, 'tmp'), sealRecord({ digests }));
    temporary.syncNow();
    await temporary.renameTo(path);
    return { kind: 'pinned' as const };
  });
}

export function removePin(
  folder: StoreFolder,
  name: string,
): Promise<{ readonly kind: 'removed' } | { readonly kind: 'absent' } | StoreFailure> {
  const path = pinPath(folder, name);
  return guarded(path, async () => {
    try {
      await unlink(path);
      return { kind: 'removed' as const };
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return { kind: 'absent' as const };
      throw error;
    }
  });
}

/** Throws system errors: an unreadable pin must not look like none. */
export async function readPins(folder: StoreFolder): Promise<Pins> {
  const pins: Pin[] = [];
  const damaged: string[] = [];
  for (const name of (await namesIn(folderPath(folder, 'pins'))).filter(isPinName)) {
    const path = pinPath(folder, name);
    const digests = await guarded(path, async () => decode(await readFile(path, 'utf8')));
    if (digests === undefined || 'kind' in digests) damaged.push(path);
    else pins.push({ name, digests });
  }
  return { pins, damaged };
}

/** All that is pinned, by whatever name; undefined where a damaged pin hides what it keeps. Throws system errors. */
export async function pinnedDigests(folder: StoreFolder): Promise<readonly Digest[] | undefined> {
  const { pins, damaged } = await readPins(folder);
  return damaged.length === 0 ? pins.flatMap(({ digests }) => digests) : undefined;
}

function pinPath(folder: StoreFolder, name: string): string {
  if (!isPinName(name)) throw new Error(`'${name}' cannot name a pin`);
  return `${folderPath(folder, 'pins')}/${name}`;
}

function decode(text: string): readonly Digest[] | undefined {
  const value = openRecord(text)?.value;
  if (typeof value !== 'object' || value === null || !('digests' in value)) return undefined;
  const { digests } = value;
  if (!Array.isArray(digests)) return undefined;
  const parsed = (digests as readonly unknown[]).map((text) =>
    typeof text === 'string' ? parseDigest(text) : undefined,
  );
  return parsed.every((digest) => digest !== undefined) ? parsed : undefined;
}
