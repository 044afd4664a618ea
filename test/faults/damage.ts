import { chmod, open, rm, stat, truncate, utimes } from 'node:fs/promises';

/** What a disk, or a hand, may do to a file. */
export interface Damage {
  readonly name: string;
  /** Whether the file is gone. */
  readonly deletes: boolean;
  /** Whether the file is as long as it was. */
  readonly keepsSize: boolean;
  do(path: string): Promise<void>;
}

const kinds = ['a bit flipped', 'cut to half', 'cut to nothing', 'deleted'] as const;

/** Each kind of damage, with the file's time of change kept and with it changed. */
export const damages: readonly Damage[] = kinds.flatMap((kind) =>
  [true, false].map((keepsTime) => ({
    name: `${kind}, its time ${keepsTime ? 'kept' : 'changed'}`,
    deletes: kind === 'deleted',
    keepsSize: kind === 'a bit flipped',
    do: (path: string) => harm(path, kind, keepsTime),
  })),
);

async function harm(path: string, kind: (typeof kinds)[number], keepsTime: boolean): Promise<void> {
  const folder = path.slice(0, path.lastIndexOf('/'));
  const touched = kind === 'deleted' ? folder : path;
  const { size, mode } = await stat(path);
  const { atime, mtime } = await stat(touched);
  // What is stored may be read only.
  await chmod(path, mode | 0o200);
  if (kind === 'deleted') await rm(path);
  else if (kind === 'a bit flipped') await flipBit(path, Math.floor(size / 2));
  else await truncate(path, kind === 'cut to half' ? Math.floor(size / 2) : 0);
  if (kind !== 'deleted') await chmod(path, mode);
  const then = keepsTime ? mtime : new Date(mtime.getTime() + 3_600_000);
  await utimes(touched, atime, then);
}

async function flipBit(path: string, at: number): Promise<void> {
  await using file = await open(path, 'r+');
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, at);
  await file.write(Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, at);
}
