import type { Resources } from '../contract/resources.ts';
import type { TaskId } from '../plan/plan.ts';
import type { Slot } from './slots.ts';
import type { WorkerHandle } from './worker-handle.ts';

/** How many slots a task needs, and of which device where that matters. */
export interface SlotDemand {
  readonly count: number;
  readonly device: 'gpu' | undefined;
}

export function slotDemand(resources: Resources): SlotDemand {
  if (resources.gpu !== undefined && resources.gpu > 0) return { count: resources.gpu, device: 'gpu' };
  return { count: resources.slots, device: undefined };
}

/** Different tasks lost on a slot, with none done in between, before it is left alone for the rest of the run. */
const lossesBorne = 2;

/** Who sits on which slot, and which slots are not to be trusted any more. */
export class SlotBoard {
  readonly #slots: readonly Slot[];
  readonly #workers = new Map<string, WorkerHandle>();
  readonly #losses = new Map<string, Set<string>>();
  /** Name of the slot -> why. */
  readonly #quarantined = new Map<string, string>();
  readonly #onQuarantined: (slot: string, reason: string) => void;

  constructor(slots: readonly Slot[], onQuarantined: (slot: string, reason: string) => void) {
    this.#slots = slots;
    this.#onQuarantined = onQuarantined;
  }

  eligible(demand: SlotDemand): readonly Slot[] {
    return this.#slots.filter(
      (slot) =>
        (demand.device === undefined || slot.device === demand.device) && !this.#quarantined.has(slot.name),
    );
  }

  /** Whether the worker is bound to just what is asked for. */
  fits(worker: WorkerHandle, demand: SlotDemand): boolean {
    return (
      worker.slots.length === demand.count &&
      worker.slots.every(
        (slot) =>
          (demand.device === undefined || slot.device === demand.device) && !this.#quarantined.has(slot.name),
      )
    );
  }

  /** Why a demand can never be met in this run. */
  explainShortage({ count, device }: SlotDemand): string {
    const usable = this.eligible({ count, device }).length;
    const reasons = [...this.#quarantined].map(([slot, reason]) => `; ${slot} is quarantined: ${reason}`);
    return `it needs ${count} ${device ?? ''} slot(s), and ${usable} can be used${reasons.join('')}`.replace(
      '  ',
      ' ',
    );
  }

  workerOf(slot: Slot): WorkerHandle | undefined {
    return this.#workers.get(slot.name);
  }

  occupy(worker: WorkerHandle): void {
    for (const slot of worker.slots) this.#workers.set(slot.name, worker);
  }

  vacate(worker: WorkerHandle): void {
    for (const slot of worker.slots) this.#workers.delete(slot.name);
  }

  /**
   * A worker went away with a task in hand. The same task lost again on the same slot counts once: it may be the task
   * that kills its workers.
   */
  lost(worker: WorkerHandle, task: TaskId): void {
    this.#count(worker, task, 'lost its worker with a task in hand');
  }

  failedToStart(worker: WorkerHandle, why: string): void {
    this.#count(worker, `start ${worker.name}`, `its worker does not start: ${why}`);
  }

  served(worker: WorkerHandle): void {
    for (const slot of worker.slots) this.#losses.delete(slot.name);
  }

  #count(worker: WorkerHandle, what: string, why: string): void {
    for (const slot of worker.slots) {
      const losses = this.#losses.get(slot.name) ?? new Set<string>();
      this.#losses.set(slot.name, losses.add(what));
      if (losses.size < lossesBorne || this.#quarantined.has(slot.name)) continue;
      const reason = `${why}, ${losses.size} times`;
      this.#quarantined.set(slot.name, reason);
      this.#onQuarantined(slot.name, reason);
    }
  }
}
