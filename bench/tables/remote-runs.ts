import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startContestant } from '../measure/contestant.ts';
import { median } from '../measure/statistics.ts';
import { seconds, table } from '../measure/table.ts';
import { timedRun } from '../measure/timed-run.ts';

const command = join(import.meta.dirname, '../../dist/cli/main.js');
const slowCache = join(import.meta.dirname, '../slow-cache.mjs');
const timeoutSeconds = 2;
const lineMs = 20;

export interface RunsBench {
  readonly dir: string;
  readonly tasks: number;
  readonly turns: number;
}

/** What remotes cost a run and a plan, by the compiled command. */
export async function remoteRuns(bench: RunsBench): Promise<string> {
  using dead = await startContestant<{ requests: number }>(process.execPath, [slowCache, 'never']);
  using far = await startContestant<{ requests: number }>(process.execPath, [slowCache, String(lineMs)]);
  const deadRemote = `remotes: [{ name: dead, url: "${dead.what}", timeout: ${timeoutSeconds}s, push: true }]\n`;
  const farRemote = `remotes: [{ name: far, url: "${far.what}" }]\n`;
  const runAlone = timeOf(bench, { tasks: 10, config: '', argv: ['run', 'study.yaml'] });
  const runDead = timeOf(bench, { tasks: 10, config: deadRemote, argv: ['run', 'study.yaml'] });
  const plan = ['plan', 'study.yaml', '--json'];
  const planAlone = timeOf(bench, { tasks: bench.tasks, config: '', argv: plan });
  const { requests: before } = await far.ask('');
  const planFar = timeOf(bench, { tasks: bench.tasks, config: farRemote, argv: plan });
  const { requests } = await far.ask('');
  const each = (requests - before) / bench.turns;
  return table(
    ['what', 'wall s', 'more than alone'],
    [
      ['run of 10 tasks, alone', seconds(runAlone), ''],
      [
        `with a remote that says nothing, timeout ${timeoutSeconds} s`,
        seconds(runDead),
        seconds(runDead - runAlone),
      ],
      [`plan of ${bench.tasks} tasks, alone`, seconds(planAlone), ''],
      [
        `with a remote ${lineMs} ms away that is asked ${each} times (one by one: ${seconds(each * lineMs)} s)`,
        seconds(planFar),
        seconds(planFar - planAlone),
      ],
    ],
  );
}

/** Median wall milliseconds of a command in a fresh workspace. */
function timeOf(
  { dir, turns }: RunsBench,
  what: { readonly tasks: number; readonly config: string; readonly argv: readonly string[] },
): number {
  const times = Array.from({ length: turns }, () => {
    const cwd = join(dir, 'workspace');
    rmSync(cwd, { recursive: true, force: true });
    mkdirSync(cwd);
    writeFileSync(join(cwd, 'study.yaml'), studyOf(what.tasks));
    writeFileSync(join(cwd, 'sweetspot.config.yaml'), `cache: .sweetspot\n${what.config}`);
    const outcome = timedRun({ argv: [process.execPath, command, ...what.argv], cwd }, 600_000);
    if (outcome.kind !== 'ran') throw new Error(JSON.stringify(outcome));
    return outcome.wallMs;
  });
  return median(times);
}

function studyOf(tasks: number): string {
  const numbers = Array.from({ length: tasks }, (_, index) => index).join(', ');
  return `study: remotes
matrix: { n: [${numbers}] }
tasks:
  made: { uses: command, with: { run: [sh, -c, "echo \${{ matrix.n }} > out.txt"], outputs: { out: { type: files, path: out.txt } } } }
`;
}
