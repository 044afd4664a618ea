import type { TaskId } from './task-id.ts';

const none: readonly never[] = [];

/** Who has to be done before whom: an edge runs from producer to consumer, once between two tasks. */
export class TaskGraph {
  readonly #consumers = new Map<TaskId, TaskId[] | undefined>();
  readonly #producers = new Map<TaskId, readonly TaskId[]>();

  /** @param producersOf what each task waits for, once each; those that are no tasks of the graph are passed over */
  constructor(tasks: Iterable<TaskId>, producersOf: (task: TaskId) => Iterable<TaskId>) {
    for (const task of tasks) this.#consumers.set(task, undefined);
    for (const task of this.#consumers.keys()) {
      const producers: TaskId[] = [];
      for (const producer of producersOf(task)) {
        if (!this.#consumers.has(producer)) continue;
        if (producer === task) throw new Error(`${task} waits for itself`);
        producers.push(producer);
        const consumers = this.#consumers.get(producer);
        if (consumers === undefined) this.#consumers.set(producer, [task]);
        else consumers.push(task);
      }
      if (producers.length > 0) this.#producers.set(task, producers);
    }
  }

  producersOf(task: TaskId): readonly TaskId[] {
    return this.#producers.get(task) ?? none;
  }

  consumersOf(task: TaskId): readonly TaskId[] {
    return this.#consumers.get(task) ?? none;
  }

  /** Every edge, by consumer. */
  *edges(): Generator<readonly [producer: TaskId, consumer: TaskId]> {
    for (const [consumer, producers] of this.#producers) {
      for (const producer of producers) yield [producer, consumer];
    }
  }

  /** Every task after all that it waits for: first those that wait for nothing, then whom they set free, in turn. */
  topologicalOrder(): readonly TaskId[] {
    const waiting = new Map<TaskId, number>();
    const order: TaskId[] = [];
    for (const task of this.#consumers.keys()) {
      const count = this.producersOf(task).length;
      if (count === 0) order.push(task);
      else waiting.set(task, count);
    }
    // It grows while it is read.
    for (const task of order) {
      for (const consumer of this.consumersOf(task)) {
        const left = waiting.get(consumer)! - 1;
        waiting.set(consumer, left);
        if (left === 0) order.push(consumer);
      }
    }
    if (order.length < this.#consumers.size) throw new Error('the graph has a circle');
    return order;
  }
}
