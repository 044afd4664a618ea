import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { Bench } from '../bench.ts';
import { inTurns, middle, type Entrant, type Entry } from '../measure/in-turns.ts';
import { timedRun, type Command, type Outcome } from '../measure/timed-run.ts';
import { sweetspot } from '../ours.ts';
import { emptyFolder } from '../projects.ts';
import { comparison, goal, quotient } from './comparison.ts';

const gibibyte = 2 ** 30;
const wholeBytes = 2 * gibibyte;
const parts = ['part-0', 'part-1', 'part-2', 'part-3'];

/** Reading checkpoints and data sets, and storing what is as large: beside programs that only hash or copy. */
export function hashing(bench: Bench): void {
  const dir = `${bench.options.scratch}/hashing`;
  layOut(dir, bench.options.resume);
  const { print } = bench;
  const jobs = String(bench.options.jobs);

  print('### Hashing a file of 2 GiB that a study reads (it lies in the page cache)\n');
  const one = compare(bench, 'one file', [
    asking(bench, 'sweetspot plan', dir, ['whole']),
    program('sha256sum', { argv: ['sha256sum', 'whole'], cwd: dir }, bench),
    program('openssl dgst', { argv: ['openssl', 'dgst', '-sha256', 'whole'], cwd: dir }, bench),
    asking(bench, 'sweetspot plan, of a small file', dir, ['small']),
  ]);
  print(overSha256sum(one));

  print('### Hashing 2 GiB in four files\n');
  const four = compare(bench, 'four files', [
    asking(bench, 'sweetspot plan', dir, parts),
    program(`sha256sum, ${jobs} at a time`, inParallel(dir, jobs, ['sha256sum']), bench),
    program(`openssl dgst, ${jobs} at a time`, inParallel(dir, jobs, ['openssl', 'dgst', '-sha256']), bench),
  ]);
  print(overSha256sum(four));

  print('### A task that makes a file of 2 GiB, from nothing to stored\n');
  const stored = compare(bench, 'storing', [
    storing(bench, dir),
    program(
      'cp, sha256sum, cp, sync',
      {
        argv: ['sh', '-c', 'cp whole made && sha256sum made && cp made stored && sync stored'],
        cwd: dir,
      },
      bench,
    ),
  ]);
  print(`${goal('MiB', middle(stored[0], 'peakMiB'), 250)}\n`);
  for (const name of ['made', 'stored']) rmSync(`${dir}/${name}`, { force: true });
}

function overSha256sum([own, peer]: readonly Entry[]): string {
  const over = goal("time over sha256sum's", quotient(middle(own, 'wallMs'), middle(peer, 'wallMs')), 1.2);
  return `${over}\n${goal('MiB', middle(own, 'peakMiB'), 250)}\n`;
}

function compare(
  { options, samples, print }: Bench,
  what: string,
  entrants: readonly Entrant[],
): readonly Entry[] {
  const turns = Math.min(options.turns, 3);
  const entries = inTurns({ table: 'hashing', what, samples, entrants, turns, longMs: options.longMs });
  print(`${comparison(entries)}\n`);
  return entries;
}

function program(name: string, command: Command, { options }: Bench): Entrant {
  return { name, version: '', measure: () => timedRun(command, options.limitMs) };
}

function inParallel(cwd: string, jobs: string, hash: readonly string[]): Command {
  return {
    argv: ['sh', '-c', `printf '%s\\n' ${parts.join(' ')} | xargs -P ${jobs} -n 1 ${hash.join(' ')}`],
    cwd,
  };
}

/** Ours has to hash the files to know the key. The store is empty, so that nothing is remembered of them. */
function asking({ options, ours }: Bench, name: string, dir: string, files: readonly string[]): Entrant {
  const study = `${name.replaceAll(/\W+/g, '-')}-${files.length}.yaml`;
  const run = 'run: [cat, small], outputs: { out: { type: files, path: out } }';
  const text = `study: hashing\ntasks:\n  read: { uses: command, with: { files: [${files.join(', ')}], ${run} } }\n`;
  return {
    name,
    version: ours.version,
    measure: () => {
      rmSync(`${dir}/store`, { recursive: true, force: true });
      writeFileSync(`${dir}/${study}`, text);
      return timedRun(sweetspot(dir, ['plan', study]), options.limitMs);
    },
  };
}

function storing({ options, ours }: Bench, dir: string): Entrant {
  const task = `run: [cp, "${dir}/whole", out.bin], outputs: { out: { type: files, path: out.bin } }`;
  const text = `study: storing\ntasks:\n  make: { uses: command, with: { ${task} } }\n  use: { uses: command, with: { run: [cp, inputs/made/out.bin, size.txt], inputs: { made: "\${{ make.out }}" }, outputs: { out: { type: files, path: size.txt } } } }\n`;
  return {
    name: 'sweetspot run',
    version: ours.version,
    measure: (): Outcome => {
      for (const made of ['store', 'out']) rmSync(`${dir}/${made}`, { recursive: true, force: true });
      writeFileSync(`${dir}/storing.yaml`, text);
      spawnSync('sync');
      return timedRun(sweetspot(dir, ['run', 'storing.yaml', '--only', 'make']), options.limitMs);
    },
  };
}

/** Random bytes, and older than the time that the index of digests mistrusts. */
function layOut(dir: string, resume: boolean): void {
  const whole = `${dir}/whole`;
  if (resume && existsSync(whole) && statSync(whole).size === wholeBytes) return;
  emptyFolder(dir);
  writeFileSync(`${dir}/small`, 'small\n');
  const script = [
    `head -c ${wholeBytes} /dev/urandom > whole`,
    ...parts.map(
      (part, at) =>
        `tail -c +${1 + (at * wholeBytes) / parts.length} whole | head -c ${wholeBytes / parts.length} > ${part}`,
    ),
    'sleep 3',
  ].join(' && ');
  const { status, stderr } = spawnSync('sh', ['-c', script], { cwd: dir, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the files to hash could not be made: ${stderr}`);
}
