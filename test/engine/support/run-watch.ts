import { totalmem } from 'node:os';
import type { Store } from '../../../cache/store.ts';
import type { Resources } from '../../../engine/contract/resources.ts';
import { taskId } from '../../../engine/plan/plan.ts';
import type { Plan, PlannedTask } from '../../../engine/plan/plan.ts';
import { drive } from '../../../engine/run/drive.ts';
import type { Driven } from '../../../engine/run/drive.ts';
import { runFolder } from '../../../engine/run/run-folder.ts';
import type { Happening } from '../../../engine/run/run-state.ts';
import { slotDemand } from '../../../engine/run/slot-board.ts';
import type { Slot } from '../../../engine/run/slots.ts';
import type { Job } from '../../../engine/worker/protocol.ts';
import { memoryActionStore } from '../../cache/support/memory-stores.ts';
import { ManualClock } from '../../cache/support/manual-clock.ts';
import { FakeWorkers } from './fake-workers.ts';
import type { FakeWorker } from './fake-workers.ts';
import { scriptedRegistry } from './scripted-kinds.ts';

export interface RandomRun {
  readonly plan: Plan;
  readonly slots: readonly Slot[];
  readonly cores: number;
  readonly failFast: boolean;
  /** Each chooses what happens next, in [0, 1); when they are used up, only what brings the run forward happens. */
  readonly choices: readonly number[];
}

/** Lets things happen in a run, and looks after each whether a promise was broken. */
export class Watch {
  readonly violations: string[] = [];
  readonly clock: ManualClock = new ManualClock();
  drained = false;
  jobs = 0;
  readonly #run: RandomRun;
  readonly #workers: FakeWorkers;
  readonly quarantined: Set<string> = new Set<string>();
  readonly #results = new Set<string>();
  /** Tasks that an attempt is due for, and whose worker has not got it yet. */
  readonly #waiting = new Set<string>();
  /** Tasks that another run has computed for a while: nobody tells when an attempt is due again. */
  readonly #held = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #drain = new AbortController();
  readonly #stop = new AbortController();

  constructor(run: RandomRun) {
    this.#run = run;
    this.#workers = new FakeWorkers({
      onStart: (worker) => this.#checkStart(worker),
      onRun: (worker, job) => this.#checkRun(worker, job),
      onEnd: (job, kind) => {
        if (kind === 'failed' && !this.drained) this.#countFailure(this.#task(job.task));
      },
    });
  }

  drive(): Promise<Driven> {
    const { plan, slots, cores, failFast } = this.#run;
    return drive(
      {
        plan,
        registry: scriptedRegistry,
        store: fakeStore(),
        workerEntry: new URL('file:///nowhere'),
        executor: this.#workers,
        cores,
        failFast,
        drainSignal: this.#drain.signal,
        stopSignal: this.#stop.signal,
        patience: { stallMs: 60_000, stopGraceMs: 20_000, killGraceMs: 10_000 },
      },
      {
        clock: this.clock,
        slots,
        folder: runFolder('/nowhere', 'run'),
        emit: (event) => this.#hear(event),
        journalFailed: new AbortController().signal,
      },
    );
  }

  /** Lets something happen; false where nothing can but the passing of time. */
  act(choice: number | undefined, n: number): boolean {
    const acts = this.#workers.acts();
    if (choice === undefined) {
      const good = acts.filter(({ isGood }) => isGood);
      good[n % Math.max(1, good.length)]?.act();
      return good.length > 0;
    }
    const own = [
      { weight: 1, act: () => this.clock.advance(30_000) },
      { weight: 0.1, act: () => this.#drain.abort() },
      { weight: 0.05, act: () => this.#stop.abort() },
    ];
    const all = [...acts, ...own];
    let left = choice * all.reduce((sum, { weight }) => sum + weight, 0);
    (all.find(({ weight }) => (left -= weight) < 0) ?? own[0]!).act();
    return true;
  }

  /** Waits until the driver has done all that it can, and looks at what it has left undone. */
  async settled(): Promise<void> {
    // Only microtasks and turns of the event loop lie between an event and what the driver makes of it.
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    this.#checkIdleness();
    if (!this.#stop.signal.aborted) return;
    const goingOn = this.#workers.living.find(({ job, stops }) => job !== undefined && !stops);
    if (goingOn !== undefined)
      this.#wrong(`${goingOn.job?.task ?? ''} goes on, and nobody has asked it to stop`);
  }

  standing(): string {
    const workers = this.#workers.living.map(({ name, state, job }) => `${name} ${state} ${job?.task ?? ''}`);
    return `waiting: ${[...this.#waiting].join(' ')}; workers: ${workers.join(', ')}`;
  }

  #hear(event: Happening): void {
    switch (event.kind) {
      case 'task-keyed':
        this.#waiting.add(event.task);
        break;
      case 'task-waiting':
        this.#held.add(event.task);
        break;
      case 'task-done':
      case 'task-cached':
        this.#results.add(event.task);
        this.#waiting.delete(event.task);
        break;
      case 'task-failed':
        if (event.willRetry && !this.drained) this.#waiting.add(event.task);
        else this.#waiting.delete(event.task);
        break;
      case 'slot-quarantined':
        this.quarantined.add(event.slot);
        break;
      case 'draining':
        this.drained = true;
        this.#waiting.clear();
        break;
      default:
    }
  }

  #checkStart(worker: FakeWorker): void {
    const living = this.#workers.living;
    for (const { name } of worker.slots) {
      const other = living.find(({ slots }) => slots.some((slot) => slot.name === name));
      if (other !== undefined) this.#wrong(`${name} is given to ${worker.name} while ${other.name} has it`);
      if (this.quarantined.has(name)) this.#wrong(`${worker.name} is started on ${name}, quarantined`);
    }
    const light = living.filter(({ slots }) => slots.length === 0).length;
    if (worker.slots.length === 0 && light >= this.#run.cores) this.#wrong(`${light + 1} light workers`);
  }

  #checkRun(worker: FakeWorker, job: Job): void {
    this.jobs += 1;
    const task = this.#task(job.task);
    this.#waiting.delete(task.id);
    this.#held.delete(task.id);
    if (worker.state !== 'idle' || worker.leaves || worker.signalled)
      this.#wrong(`${worker.name} gets ${task.id} while it is ${worker.state} or leaving`);
    if (this.drained) this.#wrong(`${task.id} begins though the run is drained`);
    if (this.#results.has(task.id)) this.#wrong(`${task.id} begins though it has a result`);
    for (const producer of this.#run.plan.graph.producersOf(task.id))
      if (!this.#results.has(producer)) this.#wrong(`${task.id} begins before ${producer} is done`);
    const busy = this.#workers.living.filter((other) => other !== worker && other.job !== undefined);
    if (busy.some((other) => other.job?.key === job.key)) this.#wrong(`the key of ${task.id} runs twice`);
    this.#checkSlots(worker, task);
    this.#checkRoom(worker, task, busy);
  }

  #countFailure({ id, retries }: PlannedTask): void {
    const count = (this.#failures.get(id) ?? 0) + 1;
    this.#failures.set(id, count);
    if (count > retries + 1) this.#wrong(`${id} is tried again, for the ${count}th time`);
  }

  #checkSlots({ name, slots }: FakeWorker, { id, resources }: PlannedTask): void {
    const { count, device } = slotDemand(resources);
    if (slots.length !== count) this.#wrong(`${id} needs ${count} slots, and ${name} has ${slots.length}`);
    for (const slot of slots) {
      if (device !== undefined && slot.device !== device) this.#wrong(`${id} runs on ${slot.name}`);
      if (this.quarantined.has(slot.name)) this.#wrong(`${id} runs on ${slot.name}, quarantined`);
    }
  }

  /** Cores and memory, unless a task has the machine to itself. */
  #checkRoom({ slots }: FakeWorker, { id, resources }: PlannedTask, busy: readonly FakeWorker[]): void {
    if (slots.length > 0 || busy.length === 0) return;
    const running = busy.map(({ job }) => this.#task(job!.task).resources);
    const light = running.filter((each) => slotDemand(each).count === 0);
    const cores = sumOf([...light, resources], ({ cpu = 1 }) => cpu);
    const memory = sumOf([...running, resources], ({ memoryBytes = 0 }) => memoryBytes);
    if (light.length > 0 && cores > this.#run.cores) this.#wrong(`${cores} cores are in use with ${id}`);
    if ((resources.memoryBytes ?? 0) > 0 && memory > totalmem())
      this.#wrong(`${memory} bytes are in use with ${id}`);
  }

  /** Nothing that could serve a task which waits may stand idle. */
  #checkIdleness(): void {
    const waiting = [...this.#waiting].map((id) => this.#task(id));
    if (waiting.length === 0) return;
    const living = this.#workers.living;
    const isMoving = living.some(({ state, leaves }) => state !== 'idle' || leaves);
    if (!isMoving) this.#wrong(`nothing is done, and there wait ${[...this.#waiting].join(' ')}`);
    // What is kept free for a task that needs several slots is not idle.
    const perhaps = [...waiting, ...[...this.#held].map((id) => this.#task(id))];
    if (perhaps.some(({ resources }) => slotDemand(resources).count > 1)) return;
    const heavy = waiting.filter(({ resources }) => slotDemand(resources).count === 1);
    // Who does not mind the device may take that of one who does.
    const isMixed = new Set(this.#run.slots.map(({ device }) => device)).size > 1;
    if (isMixed && new Set(heavy.map(({ resources }) => slotDemand(resources).device)).size > 1) return;
    for (const task of heavy) {
      const { device } = slotDemand(task.resources);
      const serves = (slot: Slot): boolean =>
        (device === undefined || slot.device === device) && !this.quarantined.has(slot.name);
      const idle = living.find(
        ({ slots, state, leaves }) => state === 'idle' && !leaves && slots.length === 1 && serves(slots[0]!),
      );
      if (idle !== undefined) this.#wrong(`${idle.name} is idle, and ${task.id} waits`);
      const taken = new Set(living.flatMap(({ slots }) => slots.map(({ name }) => name)));
      const free = this.#run.slots.find((slot) => serves(slot) && !taken.has(slot.name));
      const coming = living.filter(({ state, slots }) => state === 'coming' && slots.length > 0).length;
      if (free !== undefined && coming < heavy.length)
        this.#wrong(`${free.name} is free, and ${task.id} waits`);
    }
  }

  /** What must be true of how everything came out. */
  checkEnd({ board }: Driven): void {
    if (this.#workers.living.length > 0) this.#wrong('workers are left');
    const kinds = new Map([...board.wanted].map((id) => [id, board.results.get(id)?.kind ?? 'not-run']));
    for (const [id, kind] of kinds) {
      const before = this.#run.plan.graph.producersOf(id).map((producer) => kinds.get(producer));
      const isStuck = before.some((each) => each === 'failed' || each === 'blocked');
      if (kind === 'not-run' && !this.drained) this.#wrong(`${id} was not run`);
      if (kind === 'blocked' && !isStuck) this.#wrong(`${id} is blocked by nothing`);
      if (isStuck && kind !== 'blocked') this.#wrong(`${id} is ${kind} behind a failure`);
      if (this.#results.has(id) !== (kind === 'done' || kind === 'cached'))
        this.#wrong(`${id} is ${kind}, and the events say otherwise`);
    }
    const counts = Object.values<number>({ ...board.counts() }).reduce((sum, count) => sum + count, 0);
    if (counts !== kinds.size) this.#wrong(`${counts} tasks are counted of ${kinds.size}`);
  }

  #task(id: string): PlannedTask {
    return this.#run.plan.tasks.get(taskId(id))!;
  }

  #wrong(what: string): void {
    this.violations.push(what);
  }
}

function sumOf(all: readonly Resources[], amount: (each: Resources) => number): number {
  return all.reduce((sum, each) => sum + amount(each), 0);
}

/** As much of a store as a driver needs whose workers are fakes. */
function fakeStore(): Store {
  const claims = { owner: () => Promise.resolve(undefined) };
  return { root: '/nowhere', sharing: 'umask', actions: memoryActionStore(), claims } as unknown as Store;
}
