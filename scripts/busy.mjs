// npm run check:busy -- FILES: runs tests while each of their processes stands still now and then, for up to a second and a half, as on a
// machine that has too much else to do: whatever counts on time shows itself. SWEETSPOT_BUSY_SEED=N gives the same chances again, though not
// the same moments. It takes a Linux.
import { readFileSync, readdirSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';
import { main, prepare, root } from './prepare.mjs';
import { runProgram } from './run-program.mjs';

const lookMs = 20;
const longestMs = 1500;
const meanMs = 400;
/** How likely a process is to be stopped at a look, and at the first one, as it begins. */
const usualShare = 0.02;
const firstShare = 0.16;
/** These stop with what they have started, and do not go on with it. */
const jobControl = ['runuser', 'script', 'su'];

const seed = Number(process.env.SWEETSPOT_BUSY_SEED ?? Date.now() % 2 ** 32);
let state = seed;
/** Mulberry32. */
function chance() {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

/** pid -> what the kernel says of it. `began` tells it from another that had its number. */
function processes() {
  const found = new Map();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const text = readFileSync(`/proc/${name}/stat`, 'utf8');
      const rest = text.slice(text.lastIndexOf(')') + 2).split(' ');
      const command = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
      found.set(Number(name), { command, run: rest[0], parent: Number(rest[1]), began: rest[19] });
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}

/** Stops and continues what lives below a process, or once did; answers with what ends that, and tells how often it was done. */
function keepBusy(top) {
  const known = new Map();
  const stopped = new Map();
  let stops = 0;
  const goOn = (isDue) => {
    for (const [pid, { began, untilMs }] of stopped) {
      if (!isDue(untilMs)) continue;
      stopped.delete(pid);
      if (processes().get(pid)?.began === began) process.kill(pid, 'SIGCONT');
    }
  };
  const look = () => {
    goOn((untilMs) => performance.now() >= untilMs);
    const all = processes();
    const above = (pid) => {
      const line = [];
      for (let each = all.get(pid)?.parent; each !== undefined && each > 1; each = all.get(each)?.parent)
        line.push(each);
      return line;
    };
    for (const [pid, { began, run }] of all) {
      const line = above(pid);
      const isOurs = [pid, ...line].some((each) => each === top || known.get(each) === all.get(each)?.began);
      if (pid === top || !isOurs) continue;
      const share = known.has(pid) ? usualShare : firstShare;
      known.set(pid, began);
      if ('ZTt'.includes(run) || [pid, ...line].some((each) => jobControl.includes(all.get(each)?.command)))
        continue;
      if (chance() >= share) continue;
      const forMs = Math.min(longestMs, -Math.log(1 - chance()) * meanMs);
      stopped.set(pid, { began, untilMs: performance.now() + forMs });
      stops += 1;
      try {
        process.kill(pid, 'SIGSTOP');
      } catch {
        stopped.delete(pid);
      }
    }
  };
  const timer = setInterval(look, lookMs);
  return () => {
    clearInterval(timer);
    goOn(() => true);
    return stops;
  };
}

await main(async () => {
  await prepare();
  const args = ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)];
  let end = () => 0;
  const code = await runProgram(process.execPath, args, {
    cwd: root,
    onStart: (pid) => {
      end = keepBusy(pid);
    },
  });
  console.log(`${end()} times a process stood still (SWEETSPOT_BUSY_SEED=${seed})`);
  return code;
});
