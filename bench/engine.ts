import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * The engine's own cost: no-op commands, cold and cached, beside Snakemake on the same tasks in the same run.
 * Use: npm run bench:engine [-- cold [cached]]     e.g. 1000 10000
 * Snakemake is taken from $SNAKEMAKE, or from the PATH; without it, only our own times are printed.
 */
const cold = Number(process.argv[2] ?? 1000);
const cached = Number(process.argv[3] ?? 10_000);
const main = resolve(import.meta.dirname, '../dist/cli/main.js');
if (!existsSync(main)) throw new Error('build first: npm run build');
const snakemake = process.env['SNAKEMAKE'] ?? 'snakemake';
const work = mkdtempSync(join(tmpdir(), 'sweetspot-bench-'));

try {
  const ours = {
    cold: sweetspot(cold, 'cold'),
    coldAgain: sweetspot(cold, 'cold'),
    fill: sweetspot(cached, 'cached'),
    cached: sweetspot(cached, 'cached'),
  };
  console.log(`sweetspot   ${cold} no-op tasks cold        ${show(ours.cold)}   ${perTask(ours.cold, cold)}`);
  console.log(
    `sweetspot   ${cold} no-op tasks cached      ${show(ours.coldAgain)}   ${perTask(ours.coldAgain, cold)}`,
  );
  console.log(
    `sweetspot   ${cached} no-op tasks cold       ${show(ours.fill)}   ${perTask(ours.fill, cached)}`,
  );
  console.log(
    `sweetspot   ${cached} no-op tasks cached     ${show(ours.cached)}   ${perTask(ours.cached, cached)}`,
  );
  if (spawnSync(snakemake, ['--version']).status === 0) {
    const peer = { cold: snake(cold), cached: snake(cold) };
    console.log(
      `snakemake   ${cold} no-op tasks cold        ${show(peer.cold)}   ratio ${(peer.cold / ours.cold).toFixed(1)}`,
    );
    console.log(
      `snakemake   ${cold} no-op tasks up to date  ${show(peer.cached)}   ratio ${(peer.cached / ours.coldAgain).toFixed(1)}`,
    );
  } else console.log('snakemake is not there: no ratio. Set SNAKEMAKE to its path.');
} finally {
  rmSync(work, { recursive: true, force: true });
}

function sweetspot(count: number, name: string): number {
  const file = join(work, `${name}.yaml`);
  const ns = Array.from({ length: count }, (_, i) => i).join(', ');
  writeFileSync(
    file,
    `study: ${name}\ntasks:\n  noop:\n    matrix: { n: [${ns}] }\n    uses: command\n    with: { run: [sh, -c, "echo \${{ matrix.n }} > out.txt"], outputs: { out: { type: files, path: out.txt } } }\n`,
  );
  return timed(process.execPath, [
    main,
    'run',
    file,
    '--cache',
    join(work, `store-${name}`),
    '--out',
    join(work, `out-${name}`),
  ]);
}

function snake(count: number): number {
  const dir = join(work, 'snakemake');
  spawnSync('mkdir', ['-p', dir]);
  writeFileSync(join(dir, 'Snakefile'), readFileSync(resolve(import.meta.dirname, 'peers/Snakefile')));
  return timed(snakemake, [
    '--cores',
    '2',
    '--quiet',
    '--config',
    `tasks=${count}`,
    '--directory',
    dir,
    '--snakefile',
    join(dir, 'Snakefile'),
  ]);
}

function timed(program: string, args: readonly string[]): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    cwd: work,
  });
  if (status !== 0) throw new Error(`${program} ended with ${String(status)}:\n${stderr}`);
  return performance.now() - started;
}

function show(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`.padStart(9);
}

function perTask(ms: number, count: number): string {
  return `${(ms / count).toFixed(2)} ms a task`;
}
