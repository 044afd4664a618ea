import { isDeepStrictEqual } from 'node:util';
import { basename } from 'node:path';
import pLimit from 'p-limit';
import type { Clock } from '../../cache/clock.ts';
import type { Digest } from '../../cache/digest.ts';
import { Keyer } from '../keys/keyer.ts';
import type { KeyedTask } from '../keys/keyer.ts';
import type { PlannedTask, TaskId } from '../plan/plan.ts';
import { Arrivals } from './arrivals.ts';
import type { AttemptRunner } from './attempt-runner.ts';
import { Board } from './board.ts';
import type { TaskResult } from './board.ts';
import { DataLists } from './data-lists.ts';
import { readDurations } from './durations.ts';
import type { Durations } from './durations.ts';
import { openRunner } from './open-runner.ts';
import { reproduceOutputs, timesTried } from './reproduce.ts';
import type { RunFolder } from './run-folder.ts';
import type { RunOptions } from './run-options.ts';
import type { DrainReason, Happening, RunState } from './run-state.ts';
import { InputBringer } from './input-bringer.ts';
import { JobDrafts } from './job-drafts.ts';
import { knownNow } from './key-task.ts';
import { runTask } from './run-task.ts';
import type { Slot } from './slots.ts';
import { StartOrder } from './start-order.ts';
import { TaskTimes } from './task-times.ts';
import { artifactsRead, UntilUsed } from './until-used.ts';

export interface DriveParts {
  readonly clock: Clock;
  readonly slots: readonly Slot[];
  readonly folder: RunFolder;
  readonly emit: (event: Happening) => void;
  /** Aborted when the journal cannot be written any more. */
  readonly journalFailed: AbortSignal;
}

export interface Driven {
  readonly board: Board;
  readonly drained: DrainReason | undefined;
  /** Whether any key depends on more than the study's text. */
  readonly hasLooked: boolean;
}

/** How many keys are made and looked up at a time. */
const keysAtOnce = 16;
/** How often results are looked for that the runs which hold all devices may have made meanwhile. */
const starvedLookMs = 3_000;

/** Begins every task as soon as what it needs is there, until none is left or the run is drained. */
export async function drive(options: RunOptions, parts: DriveParts): Promise<Driven> {
  const driver = new Driver(options, parts);
  return driver.run();
}

class Driver {
  readonly #options: RunOptions;
  readonly #board: Board;
  readonly #state: RunState;
  readonly #dispatcher: AttemptRunner;
  readonly #untilUsed: UntilUsed;
  readonly #drain = new AbortController();
  readonly #emit: DriveParts['emit'];
  readonly #clock: Clock;
  readonly #journalFailed: AbortSignal;
  /** Tasks under way. The run is over when there are none. */
  readonly #active = new Set<TaskId>();
  readonly #arrivals = new Arrivals(
    (task) => this.#beginArrived(task),
    (error) => this.#broken(error),
  );
  /** Whether outputs have been replaced: only then can a result be out of date before it stands. */
  #replaced = false;
  #over: () => void = () => undefined;
  #broken: (error: unknown) => void = () => undefined;

  constructor(options: RunOptions, parts: DriveParts) {
    const { plan, registry, store } = options;
    const { clock, slots, folder, emit } = parts;
    const run = basename(folder.dir);
    this.#options = options;
    this.#emit = emit;
    this.#clock = clock;
    this.#journalFailed = parts.journalFailed;
    this.#board = new Board(plan, options.only);
    this.#untilUsed = new UntilUsed(plan, store.artifacts);
    let reading: Promise<Durations> | undefined;
    const durations = (): Promise<Durations> => (reading ??= readDurations(store));
    const order = new StartOrder(plan, durations, slots[0]?.deviceClass ?? 'cpu-t1');
    const times = new TaskTimes({
      ...{ readDurations: durations, runsDir: store.runsDir, plan },
      except: run,
    });
    const keyer = new Keyer({
      ...{ plan, registry, store, signal: this.#drain.signal },
      onDataIdentified: (data, part, { digest, files, readBytes, recorded }) => {
        // What nobody has looked at was told of before the run.
        if (recorded !== undefined) return;
        emit({
          ...{ kind: 'data-indexed', data, files: files.length, readBytes, digest },
          ...(part === undefined ? {} : { part }),
        });
      },
    });
    const dataLists = new DataLists(folder.dataDir, store);
    const maker = { run, ...(options.member === undefined ? {} : { member: options.member }) };
    const drafts = new JobDrafts({ plan, board: this.#board, keyer, dataLists, folder, maker }, (task) =>
      order.priorityOf(task),
    );
    this.#dispatcher = openRunner(options, parts, { order, times, drafts });
    const bringer = new InputBringer({
      store,
      priorityOf: (task) => order.priorityOf(task),
      drained: this.#drain.signal,
    });
    this.#state = {
      plan,
      store,
      clock,
      folder,
      maker,
      board: this.#board,
      dispatcher: this.#dispatcher,
      keyer,
      dataLists,
      desk: pLimit(keysAtOnce),
      flights: new Map(),
      reproductions: new Map(),
      emit,
      bringInputs: (task) => bringer.bring(task, this.#inputsOf(task)),
      drained: this.#drain.signal,
      drain: (reason) => this.#stopBeginning(reason),
      learnOrder: () => order.learn(() => this.#dispatcher.reorder()),
      follow: (task, result) => this.#follow(task, result),
    };
  }

  async run(): Promise<Driven> {
    const { drainSignal, stopSignal, leaveSignal } = this.#options;
    const drain = (): void => this.#stopBeginning('interrupt');
    const stop = (): void => {
      this.#stopBeginning('interrupt');
      this.#dispatcher.stopAll({ kind: 'stopped' });
    };
    const leave = (): void => {
      // Before anything is withdrawn: what waits in the queue of a cluster keeps its place.
      this.#dispatcher.leaveAll();
      this.#stopBeginning('interrupt');
    };
    const looking = this.#clock.every(
      starvedLookMs,
      () => void this.#dispatcher.lookForResults(this.#options.store),
    );
    const journalless = (): void => {
      this.#emit({
        kind: 'warning',
        message: `the run's events cannot be written: ${String(this.#journalFailed.reason)}`,
      });
      this.#stopBeginning('machine');
    };
    this.#journalFailed.addEventListener('abort', journalless);
    drainSignal?.addEventListener('abort', drain);
    stopSignal?.addEventListener('abort', stop);
    leaveSignal?.addEventListener('abort', leave);
    try {
      if ([drainSignal, stopSignal, leaveSignal].some((signal) => signal?.aborted === true)) drain();
      await this.#untilOver();
      await this.#handOver();
    } finally {
      looking[Symbol.dispose]();
      this.#journalFailed.removeEventListener('abort', journalless);
      drainSignal?.removeEventListener('abort', drain);
      stopSignal?.removeEventListener('abort', stop);
      leaveSignal?.removeEventListener('abort', leave);
      await this.#dispatcher.close();
    }
    return {
      board: this.#board,
      drained: this.#drain.signal.reason as DrainReason | undefined,
      hasLooked: this.#state.keyer.hasLooked,
    };
  }

  #inputsOf(task: PlannedTask): readonly Digest[] {
    return artifactsRead(task).flatMap(({ from, output }) => this.#board.outputOf(from, output) ?? []);
  }

  #untilOver(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#over = resolve;
      this.#broken = reject;
      for (const task of this.#board.ready()) this.#begin(task);
      if (this.#active.size === 0) resolve();
    });
  }

  /** Lets the caller take what it wants. What it misses is made again, as for a task that reads it. */
  async #handOver(): Promise<void> {
    for (let tried = 0; tried <= timesTried; tried++) {
      const lost = (await this.#options.takeOutputs?.(this.#board.results)) ?? [];
      if (lost.length === 0 || tried === timesTried || this.#drain.signal.aborted) return;
      for (const { task, message } of lost) this.#emit({ kind: 'warning', task, message });
      const failed = await reproduceOutputs(this.#state, new Set(lost.map(({ task }) => task)));
      for (const [task, result] of failed) {
        if (result.kind === 'failed' || result.kind === 'blocked') this.#board.fail(task, result);
      }
      if (failed.size > 0) return;
    }
  }

  #begin(task: PlannedTask): void {
    this.#active.add(task.id);
    this.#arrivals.add(task);
  }

  #beginArrived(task: PlannedTask): void {
    const { keyed, standing } = this.#drain.signal.aborted ? {} : knownNow(this.#state, task);
    if (standing === undefined) this.#beginSlowly(task, keyed);
    else this.#succeeded(task, standing);
  }

  #beginSlowly(task: PlannedTask, keyed: KeyedTask | undefined): void {
    runTask(this.#state, task, keyed)
      .then((result) => this.#settle(task, result))
      .catch((error: unknown) => {
        // Reading of data that was called off by draining.
        const calledOff = this.#drain.signal.aborted && error === this.#drain.signal.reason;
        if (calledOff) return this.#settle(task, { kind: 'not-run' });
        this.#broken(error);
        return undefined;
      });
  }

  #succeeded(task: PlannedTask, result: TaskResult & { readonly kind: 'cached' | 'done' }): void {
    this.#enter(task, result);
    const dropping = this.#untilUsed.settled(task, result.outputs, result.kind === 'done');
    if (dropping === undefined) this.#finished(task);
    else
      dropping.then(
        () => this.#finished(task),
        (error: unknown) => this.#broken(error),
      );
  }

  #finished(task: PlannedTask): void {
    this.#active.delete(task.id);
    if (this.#active.size === 0) this.#over();
  }

  async #settle(task: PlannedTask, result: TaskResult): Promise<void> {
    switch (result.kind) {
      case 'cached':
      case 'done':
        if (await this.#isOutOfDate(task, result)) {
          this.#begin(task);
          return;
        }
        this.#succeeded(task, result);
        return;
      case 'failed':
      case 'blocked': {
        const by = result.kind === 'blocked' ? result.by : task.id;
        for (const blocked of this.#board.fail(task.id, result)) {
          this.#emit({ kind: 'task-blocked', task: blocked, by });
        }
        if (this.#options.failFast === true) this.#stopBeginning('fail-fast');
        break;
      }
      case 'not-run':
        this.#board.skip(task.id);
        break;
    }
    this.#finished(task);
  }

  /** Enters a result. Where it replaces another, what was made from that one is looked at again. */
  #enter(task: PlannedTask, result: TaskResult & { readonly kind: 'cached' | 'done' }): void {
    const before = this.#board.results.get(task.id);
    for (const ready of this.#board.succeed(task.id, result)) this.#begin(ready);
    if (before === undefined || !('outputs' in before)) return;
    if (isDeepStrictEqual(before.outputs, result.outputs)) return;
    this.#replaced = true;
    for (const consumer of this.#board.consumersOf(task.id)) {
      const standing = this.#board.results.get(consumer);
      const isSettled = standing?.kind === 'cached' || standing?.kind === 'done';
      if (isSettled && !this.#active.has(consumer)) this.#begin(this.#board.task(consumer));
    }
  }

  #follow(task: PlannedTask, result: TaskResult & { readonly kind: 'cached' | 'done' }): void {
    const before = this.#board.results.get(task.id);
    if (before !== undefined && 'outputs' in before && !isDeepStrictEqual(before.outputs, result.outputs)) {
      const after = this.#board.descendantsOf(task.id).size;
      const message = `computed again, because its bytes were gone, it came out otherwise: ${after} tasks follow`;
      this.#emit({ kind: 'warning', task: task.id, message });
    }
    this.#enter(task, result);
  }

  async #isOutOfDate(
    task: PlannedTask,
    result: TaskResult & { readonly kind: 'cached' | 'done' },
  ): Promise<boolean> {
    if (!this.#replaced || this.#drain.signal.aborted) return false;
    const now = await this.#state.keyer.key(task, (from, output) => this.#board.outputOf(from, output));
    return now.kind === 'keyed' && now.keyed.key !== result.key;
  }

  #stopBeginning(reason: DrainReason): void {
    if (this.#drain.signal.aborted) return;
    this.#emit({ kind: 'draining', reason });
    this.#drain.abort(reason);
    this.#dispatcher.withdrawAll();
  }
}
