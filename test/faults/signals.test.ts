import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseEvents } from '../../engine/run/journal.ts';
import { sweetspot } from '../support/command.ts';
import type { Finished } from '../support/command.ts';
import { repositoryRoot } from '../support/shared.ts';
import { eventsOf, openRig } from './rig.ts';
import type { Rig } from './rig.ts';
import { allTasks, firstTime, untilGo } from './study.ts';

const minutes = 60_000;
let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig[Symbol.asyncDispose]());

const isDraining = (line: string): boolean => line.startsWith('{"kind":"draining"');

/** Tasks of the run in the store that had begun and came to no end. */
async function cutOff(): Promise<ReadonlySet<string>> {
  const cut = new Set<string>();
  const runs = join(rig.dir, 'store/runs');
  for (const run of await readdir(runs)) {
    for (const event of parseEvents(await readFile(join(runs, run, 'events.jsonl'), 'utf8'))) {
      if (event.kind === 'task-started') cut.add(event.task);
      if (event.kind === 'task-done') cut.delete(event.task);
    }
  }
  return cut;
}

/**
 * What does not hold of a run that was interrupted, and of the re-run after it. `cut` tasks were executed in vain; whatever else
 * was going on at that moment may have been.
 */
async function problemsAfter(ended: Finished, cut: readonly string[]): Promise<readonly string[]> {
  const problems: string[] = [];
  if (ended.code !== 130) problems.push(`exit code ${ended.code ?? ended.signal ?? ''}: ${ended.stderr}`);
  for (const left of await rig.quiet()) problems.push(`left behind: ${left.what} ${left.pid}`);
  const others = await cutOff();
  problems.push(...(await rig.problems('store', await rig.run('store'))));
  const executions = await rig.executions();
  for (const task of allTasks) {
    const due = cut.includes(task) ? 2 : 1;
    const count = executions.get(task) ?? 0;
    const isCutOff = count === 2 && others.has(task);
    if (count !== due && !isCutOff) problems.push(`${task} was executed ${count} times, not ${due}`);
  }
  return problems;
}

describe('SIGINT', () => {
  it(
    'once: what runs ends and is kept, nothing new begins',
    async () => {
      await rig.place({ before: { s00: untilGo } });
      const run = rig.start('store');
      await rig.began('s00');
      run.child.kill('SIGINT');
      await run.line(isDraining);
      await rig.go();
      const ended = await run.finished;
      const tasks = (kind: string): readonly string[] =>
        eventsOf(ended).flatMap((event) => (event.kind === kind && 'task' in event ? [event.task] : []));
      expect(tasks('task-done')).toContain('s00');
      expect(tasks('task-done').toSorted()).toEqual(tasks('task-started').toSorted());
      expect(await problemsAfter(ended, [])).toEqual([]);
    },
    5 * minutes,
  );

  it(
    'twice: what runs is ended, with all it has started',
    async () => {
      await rig.place({ before: { s00: firstTime('s00', 'trap "" TERM; setsid sleep 1000 & sleep 1000') } });
      const run = rig.start('store', ['--only', 'sum']);
      await rig.began('first-s00');
      run.child.kill('SIGINT');
      await run.line(isDraining);
      run.child.kill('SIGINT');
      expect(await problemsAfter(await run.finished, ['s00'])).toEqual([]);
    },
    5 * minutes,
  );
});

describe.each(['SIGTERM', 'SIGHUP'] as const)('%s', (name) => {
  it(
    'what runs is ended, with all it has started, and the exit code says so',
    async () => {
      await rig.place({ before: { s00: firstTime('s00', 'setsid sleep 1000 & sleep 1000') } });
      const run = rig.start('store');
      await rig.began('first-s00');
      run.child.kill(name);
      expect(await problemsAfter(await run.finished, ['s00'])).toEqual([]);
    },
    5 * minutes,
  );
});

/** A run on a terminal of its own, as `script` (util-linux) makes it. What is written to its input is typed. */
function startOnTerminal() {
  const program = `exec '${process.execPath}' '${join(repositoryRoot, 'dist/cli/main.js')}' run faults.yaml --cache store`;
  return spawn('script', ['-qec', program, '/dev/null'], {
    cwd: rig.dir,
    env: { ...process.env, TMPDIR: rig.dir, TERM: 'xterm', SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

async function stateOfRun(): Promise<unknown> {
  const { stdout } = await sweetspot(['status', '--json', '--cache', 'store'], { cwd: rig.dir });
  return (JSON.parse(stdout) as { readonly state: unknown }).state;
}

describe('a run on a terminal', () => {
  it(
    'that is closed: what runs is ended, and the end is recorded',
    async () => {
      await rig.place({ before: { s00: firstTime('s00', 'setsid sleep 1000 & sleep 1000') } });
      const terminal = startOnTerminal();
      terminal.stdout.resume();
      await rig.began('first-s00');
      terminal.kill('SIGKILL');
      expect(await rig.quiet()).toEqual([]);
      expect(await stateOfRun()).toBe('interrupted');
      expect(await problemsAfter({ code: 130, signal: null, stdout: '', stderr: '' }, ['s00'])).toEqual([]);
    },
    5 * minutes,
  );

  it(
    'where Ctrl-C is typed, once and again: drains, stops',
    async () => {
      await rig.place({ before: { s00: firstTime('s00', 'setsid sleep 1000 & sleep 1000') } });
      const terminal = startOnTerminal();
      let seen = '';
      const drains = new Promise<void>((resolve) => {
        terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
          seen += text;
          if (/drain/i.test(seen)) resolve();
        });
      });
      await rig.began('first-s00');
      terminal.stdin.write('\x03');
      await drains;
      terminal.stdin.write('\x03');
      const [code] = (await once(terminal, 'exit')) as [number | null];
      expect(await problemsAfter({ code, signal: null, stdout: '', stderr: seen }, ['s00'])).toEqual([]);
    },
    5 * minutes,
  );
});
