import { readFileSync } from 'node:fs';

/** A reading may be as old as this: taking one costs as much as a short task's files. */
const freshMs = 1_000;
let reading: { readonly kills: number; readonly atMs: number } | undefined;

/** As `kernelMemoryKills`, of at most a second ago: what happened before a job that begins now. */
export function recentKernelMemoryKills(): number {
  const nowMs = performance.now();
  if (reading === undefined || nowMs - reading.atMs > freshMs) {
    reading = { kills: kernelMemoryKills(), atMs: nowMs };
  }
  return reading.kills;
}

/** How often the kernel has killed for want of memory: in this control group, or else on the whole machine. */
export function kernelMemoryKills(): number {
  for (const path of ['/sys/fs/cgroup/memory.events', '/proc/vmstat']) {
    try {
      const count = /^oom_kill (\d+)$/m.exec(readFileSync(path, 'utf8'));
      if (count !== null) return Number(count[1]);
    } catch {
      // Not this kind of system; the next place may know.
    }
  }
  return 0;
}
