import { readFileSync } from 'node:fs';

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
