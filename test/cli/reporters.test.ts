import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventLine } from '../../cli/progress/event-line.ts';
import { plainReporter } from '../../cli/progress/plain.ts';
import type { Reporter } from '../../cli/progress/reporter.ts';
import { RunProgress } from '../../cli/progress/run-progress.ts';
import { terminalReporter } from '../../cli/progress/terminal.ts';
import { TimeLeft } from '../../cli/progress/time-left.ts';
import { taskId } from '../../engine/plan/plan.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import { captureIo } from './capture-io.ts';
import { at, blocked, cached, done, failed, layeredPlan, runStarted, started } from './run-events.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse(at) });
});

afterEach(() => {
  vi.useRealTimers();
});

function plain(plan: Plan, bounded: boolean): { readonly lines: string[]; readonly reporter: Reporter } {
  const lines: string[] = [];
  const tasks = [...plan.tasks.values()];
  const reporter = plainReporter({
    write: (line) => lines.push(line),
    total: tasks.length,
    watch: () => ({
      progress: new RunProgress(tasks, plan.graph),
      timeLeft: new TimeLeft(tasks, plan.graph),
    }),
    bounded,
  });
  return { lines, reporter };
}

/** A whole run of a layered plan: half of what is made is found, one in a hundred fails. */
function runThrough(reporter: Reporter, width: number): void {
  reporter.onEvent(runStarted(2 * width + 1));
  for (let i = 0; i < width; i++) {
    if (i % 2 === 0) reporter.onEvent(cached(`make@i=${i}`));
    else for (const event of [started(`make@i=${i}`), done(`make@i=${i}`)]) reporter.onEvent(event);
  }
  for (let i = 0; i < width; i++) {
    reporter.onEvent(started(`use@i=${i}`));
    reporter.onEvent(i % 100 === 99 ? failed(`use@i=${i}`, { lastWords: 'no\nway' }) : done(`use@i=${i}`));
    vi.advanceTimersByTime(1000);
  }
  reporter.close();
}

describe('lines for a pipe', () => {
  it('are one for each instance that runs', () => {
    const { lines, reporter } = plain(layeredPlan(2), false);
    runThrough(reporter, 2);
    expect(lines).toEqual([
      'run r1: tiny, 5 tasks on cpu:0, cpu:1',
      'cached   make@i=0',
      'started  make@i=1 on cpu:0',
      'done     make@i=1 in 1.0 s',
      'started  use@i=0 on cpu:0',
      'done     use@i=0 in 1.0 s',
      'started  use@i=1 on cpu:0',
      'done     use@i=1 in 1.0 s',
    ]);
  });

  it('gather what is found in a large study', () => {
    const { lines, reporter } = plain(layeredPlan(300), false);
    reporter.onEvent(runStarted(601));
    for (let i = 0; i < 300; i++) reporter.onEvent(cached(`make@i=${i}`));
    for (let i = 0; i < 299; i++) reporter.onEvent(cached(`use@i=${i}`));
    reporter.onEvent(started('use@i=299'));
    expect(lines.slice(1)).toEqual(['cached   599 tasks: make 300, use 299', 'started  use@i=299 on cpu:0']);
    reporter.close();
  });

  it('name the class of a failure, whether it is tried again, and the last words of a program', () => {
    const failure = { class: 'timeout', message: 'took too long', afterMs: 90_000 } as const;
    const task = taskId('dense@seed=0');
    expect(eventLine({ kind: 'task-failed', at, task, attempt: 1, failure, willRetry: true })).toBe(
      'failed   dense@seed=0: timeout: took too long; trying again',
    );
    const { lines, reporter } = plain(layeredPlan(1), false);
    reporter.onEvent(failed('make@i=0', { lastWords: 'Traceback\n\n\x1b[31mValueError: no\x1b[0m\n' }));
    expect(lines).toEqual([
      'failed   make@i=0: task: it broke',
      '         Traceback',
      '         ValueError: no',
    ]);
    reporter.close();
  });
});

describe('a run through a cluster', () => {
  it('names no slots, and of each task its job, the node and the partition', () => {
    expect(eventLine(runStarted(2, []))).toBe('run r1: tiny, 2 tasks as jobs of a cluster');
    const job = { id: '7_1', host: 'n7', deviceClass: 'gpu-h200' };
    expect(eventLine(started('a', 'slurm:7_1', { job }))).toBe('started  a on slurm:7_1 (n7)');
    const placed = started('a', 'slurm:7_1', { job: { ...job, partition: 'gpu' } });
    expect(eventLine(placed)).toBe('started  a on slurm:7_1 (n7, gpu)');
    const plan = layeredPlan(1);
    const progress = new RunProgress(plan.tasks.values(), plan.graph);
    progress.note(started('make@i=0', 'slurm:7_1', { job }));
    expect([...progress.running.values()].map(({ slot }) => slot)).toEqual(['slurm:7_1 n7']);
  });
});

describe('--plain', () => {
  it('is words alone, a line for each change', () => {
    const { lines, reporter } = plain(layeredPlan(2), true);
    runThrough(reporter, 2);
    expect(lines.slice(1, 4)).toEqual([
      'cached   1 task: make 1',
      'started  make@i=1 on cpu:0',
      'done     make@i=1 in 1.0 s',
    ]);
    expect(lines.join('')).toMatch(/^[\x20-\x7e]*$/);
  });

  it('says every so often how far it is, ever more seldom', () => {
    const { lines, reporter } = plain(layeredPlan(900), true);
    runThrough(reporter, 900);
    const summaries = lines.filter((line) => line.startsWith('so far'));
    expect(summaries[0]).toBe(
      'so far   930 of 1801 tasks in 30 s: 480 done, 450 cached; at least 7 min left',
    );
    expect(summaries.length).toBeGreaterThan(10);
    expect(summaries.length).toBeLessThan(25);
  });

  it('stays within some hundred lines however large the study, and still names what fails', () => {
    const { lines, reporter } = plain(layeredPlan(5000), true);
    runThrough(reporter, 5000);
    expect(lines.length).toBeLessThan(200);
    expect(lines.filter((line) => line.startsWith('failed'))).toHaveLength(20);
    expect(lines).toContain('more like these are only counted from here on');
    expect(lines).toContain('finished make: 2500 done, 2500 cached');
    expect(lines).toContain('finished use: 4950 done, 50 failed');
  });
});

describe('the live picture', () => {
  function live(plan: Plan, env: Record<string, string> = {}) {
    const io = captureIo({ terminal: { columns: 80, rows: 24 }, env });
    const tasks = [...plan.tasks.values()];
    const reporter = terminalReporter({
      io,
      watch: () => ({
        progress: new RunProgress(tasks, plan.graph),
        timeLeft: new TimeLeft(tasks, plan.graph),
      }),
    });
    return { io, reporter };
  }

  it('is not begun for a run that is over at once', () => {
    const { io, reporter } = live(layeredPlan(1));
    for (const event of [runStarted(3), cached('make@i=0')]) reporter.onEvent(event);
    reporter.close();
    expect(io.stderr()).toBe('');
  });

  it('costs a frame however much happens between two', () => {
    const { io, reporter } = live(layeredPlan(5000));
    reporter.onEvent(runStarted(10_001));
    for (let i = 0; i < 5000; i++) reporter.onEvent(cached(`make@i=${i}`));
    vi.advanceTimersByTime(150);
    expect(stripVTControlCharacters(io.stderr())).toContain('5000 of 10001');
    expect(io.stderr().length).toBeLessThan(1500);
    reporter.close();
  });

  it('lets failures go by above it, the end of what the task said with them, and leaves them there', () => {
    const { io, reporter } = live(layeredPlan(1), { NO_COLOR: '1' });
    reporter.onEvent(runStarted(3));
    vi.advanceTimersByTime(150);
    for (const event of [failed('make@i=0', { lastWords: 'no space' }), blocked('use@i=0', 'make@i=0')])
      reporter.onEvent(event);
    reporter.close();
    const text = stripVTControlCharacters(io.stderr());
    expect(text).toMatch(/✗ make@i=0 task: it broke\n {4}no space\n$/);
    expect(io.stderr().includes('\x1b[31m')).toBe(false);
  });

  it('says which attempt failed, and that it is told to stop, at once', () => {
    const { io, reporter } = live(layeredPlan(1), { NO_COLOR: '1' });
    reporter.onEvent(runStarted(3));
    reporter.onEvent(failed('make@i=0', { willRetry: true }));
    vi.advanceTimersByTime(150);
    expect(io.stderr()).toContain('it broke (attempt 1; it is tried again)');
    reporter.stopping?.();
    vi.advanceTimersByTime(150);
    expect(io.stderr()).toContain('stopping: what runs saves what it can and ends');
    reporter.close();
  });

  it('uses the characters that a terminal without Unicode has', () => {
    const { io, reporter } = live(layeredPlan(1), { LC_ALL: 'C', NO_COLOR: '1' });
    reporter.onEvent(runStarted(3));
    vi.advanceTimersByTime(150);
    expect(stripVTControlCharacters(io.stderr())).toMatch(/^[\x20-\x7e\n\r]+$/);
    reporter.close();
  });

  it('counts failures rather than list them once there are many', () => {
    const { io, reporter } = live(layeredPlan(100));
    for (let i = 0; i < 100; i++) reporter.onEvent(failed(`make@i=${i}`));
    vi.advanceTimersByTime(150);
    expect(io.stderr().split('✗').length - 1).toBe(20);
    expect(io.stderr()).toContain('100 failed');
    reporter.close();
  });
});
