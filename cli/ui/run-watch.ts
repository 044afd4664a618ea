import { stripVTControlCharacters } from 'node:util';
import type { Store } from '../../cache/store.ts';
import type { TaskId } from '../../engine/plan/plan.ts';
import type { RunEvent } from '../../engine/run/events.ts';
import { JournalTail } from '../../engine/run/journal-tail.ts';
import { newestRun, readRecord } from '../../engine/run/journal.ts';
import type { RunRecord } from '../../engine/run/journal.ts';
import { runFolder } from '../../engine/run/run-folder.ts';
import { expectedDurations } from '../progress/expected-durations.ts';
import { eventLine, failureText, lastWords } from '../progress/event-line.ts';
import { leftText } from '../progress/time-left.ts';
import { recordedRun } from '../recorded-run.ts';
import { pageTasks } from '../report-now/make-pages.ts';
import { registry } from '../registry.ts';
import { runState } from '../run-state.ts';
import { thawView } from '../status/run-view.ts';
import type { PlannedView } from '../status/run-view.ts';
import type { UiSlot, UiState } from './ui-state.ts';

/** How many of the last events are told. */
const mostRecent = 60;
const mostFailures = 50;

/** One run as it goes on, read from its folder alone: whether its driver lives makes no difference to what can be seen. */
export class RunWatch {
  readonly store: Store;
  readonly run: string;
  readonly view: PlannedView;
  readonly #tail: JournalTail;
  readonly #results = new Map<TaskId, RunEvent & { readonly kind: 'task-cached' | 'task-done' }>();
  readonly #failures = new Map<TaskId, UiState['failures'][number]>();
  readonly #recent: { readonly at: string; readonly text: string }[] = [];
  readonly #hasReport: boolean;
  #record: RunRecord;
  #looking: Promise<void> | undefined;

  private constructor(store: Store, record: RunRecord, view: PlannedView) {
    this.store = store;
    this.run = record.run;
    this.view = view;
    this.#record = record;
    this.#tail = new JournalTail(runFolder(store.runsDir, record.run).eventsFile);
    this.#hasReport = pageTasks(view.plan, registry).length > 0;
  }

  /** Undefined while the run has not frozen its plan, or for good if its driver died before. */
  static async open(store: Store, run: string): Promise<RunWatch | undefined> {
    const recorded = await recordedRun(store, run);
    const view = recorded === undefined ? undefined : thawView(recorded);
    if (recorded === undefined || view === undefined) return undefined;
    const watch = new RunWatch(store, recorded.record, view);
    if (runState(recorded.record) === 'running')
      view.timeLeft.expect(
        await expectedDurations({ store, ...view, deviceClass: '', except: recorded.record.run }),
      );
    await watch.poll();
    return watch;
  }

  /** The run that began last. */
  static async newest(store: Store): Promise<string | undefined> {
    return (await newestRun(store.runsDir))?.run;
  }

  /** Takes in what has happened. Pages that ask at the same time share one look: each event counts once. */
  poll(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #look(): Promise<void> {
    this.#record = (await readRecord(this.store.runsDir, this.run)) ?? this.#record;
    for (const event of await this.#tail.read()) this.#note(event);
  }

  get record(): RunRecord {
    return this.#record;
  }

  /** How a task came to a result, if it has. */
  resultOf(task: TaskId): (RunEvent & { readonly kind: 'task-cached' | 'task-done' }) | undefined {
    return this.#results.get(task);
  }

  state(nowMs: number): UiState {
    const { progress, timeLeft } = this.view;
    const state = runState(this.#record);
    const { run, study, file, startedAt, lastAt } = this.#record;
    return {
      ...{ run, study, file, state, startedAt, lastAt },
      at: new Date(nowMs).toISOString(),
      left: state === 'running' ? leftText(timeLeft.estimate(nowMs)) : '',
      total: progress.total,
      counts: progress.counts,
      names: [...progress.names.values()].map((name) => ({
        name: name.name,
        total: name.total,
        counts: name.counts,
        waitsFor: name.counts.waiting === 0 ? [] : progress.waitsFor(name),
      })),
      slots: state === 'running' ? this.#slots() : [],
      failures: [...this.#failures.values()].slice(0, mostFailures),
      recent: this.#recent.toReversed(),
      report: this.#hasReport ? `${run} ${this.#results.size}` : undefined,
    };
  }

  #slots(): readonly UiSlot[] {
    const { slots, running } = this.view.progress;
    const tasks = [...running.values()].map(({ slot, task, startedMs, resumed, progress }) => {
      const startedAt = new Date(startedMs).toISOString();
      return { name: slot, task: { task, startedAt, resumed, progress } };
    });
    // A task may hold several slots: `gpu:0+gpu:1`.
    const taken = new Set(tasks.flatMap(({ name }) => name.split('+')));
    const idle = slots.filter((name) => !taken.has(name)).map((name) => ({ name }));
    return [...tasks, ...idle].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }

  #note(event: RunEvent): void {
    this.view.progress.note(event);
    this.view.timeLeft.note(event);
    const line = eventLine(event);
    if (line !== undefined && event.kind !== 'task-cached') {
      this.#recent.push({ at: event.at, text: stripVTControlCharacters(line) });
      if (this.#recent.length > mostRecent) this.#recent.shift();
    }
    switch (event.kind) {
      case 'task-cached':
      case 'task-done':
        this.#results.set(event.task, event);
        this.#failures.delete(event.task);
        break;
      case 'task-failed':
        if (!event.willRetry) {
          const { task, failure } = event;
          this.#failures.set(task, { task, text: failureText(failure), lastWords: lastWords(failure) });
        }
        break;
      default:
    }
  }
}
