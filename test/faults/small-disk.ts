import { execFileSync } from 'node:child_process';
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** A file system of its own, so small that it can be filled. */
export interface SmallDisk extends Disposable {
  /** Takes all the room but so many bytes; what was taken before counts as taken. */
  fill(leaveBytes?: number): void;
  /** Gives back what `fill` has taken. */
  empty(): void;
}

/** Whether this process may make one; in a namespace of its own mostly everybody may. */
export function mayMount(dir: string): boolean {
  try {
    smallDisk(dir, 1_000_000)[Symbol.dispose]();
    return true;
  } catch {
    return false;
  }
}

function writeUntilFull(file: number): void {
  const chunk = Buffer.alloc(4096);
  try {
    for (;;) writeSync(file, chunk);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

/** Mounts a tmpfs on a folder, which is made. What lies there is out of sight until it is disposed. */
export function smallDisk(dir: string, sizeBytes: number): SmallDisk {
  mkdirSync(dir, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes}`, 'tmpfs', dir], { stdio: 'pipe' });
  // As what is not published yet: the store looks past it.
  const filler = join(dir, 'tmp-filler');
  return {
    fill(leaveBytes = 0) {
      const file = openSync(filler, 'a');
      try {
        // Again and again: others may remove files meanwhile.
        do writeUntilFull(file);
        while (statfsSync(dir).bavail !== 0);
        const { size } = fstatSync(file);
        ftruncateSync(file, Math.max(0, size - leaveBytes));
      } finally {
        closeSync(file);
      }
    },
    empty: () => rmSync(filler, { force: true }),
    [Symbol.dispose]: () => {
      execFileSync('umount', ['--lazy', dir], { stdio: 'pipe' });
    },
  };
}
