import type { Registry } from '../contract/registry.ts';
import type { AbsentInput } from '../contract/task-context.ts';
import type { InputPort, TaskKind } from '../contract/task-kind.ts';
import type { GatheredItem, Plan, PlannedInput, PlannedTask, TaskId } from './plan.ts';

/** A task as it can be made now, from what is there. */
export interface PartTask {
  /** Its gathered inputs hold what is there; nothing else of it is changed. */
  readonly task: PlannedTask;
  /** By input, what it does not hold yet. Inputs that are whole are left out. */
  readonly absent: { readonly [input: string]: readonly AbsentInput[] };
}

/**
 * What can be made of some tasks while their study is not done: each of them, and of what they read whatever has no result and is
 * `anytime` too, cut down to what is there. Producers come before consumers; a task of which nothing can be made is left out.
 *
 * @param stands whether a task has a result; `unusable`: it has none, and no part of one can be made either
 */
export function standingPart(request: {
  readonly plan: Plan;
  readonly registry: Registry;
  readonly wanted: Iterable<TaskId>;
  readonly stands: (task: TaskId) => boolean | 'unusable';
}): ReadonlyMap<TaskId, PartTask> {
  const part = new Part(request);
  for (const id of request.wanted) part.has(id);
  return part.tasks;
}

class Part {
  /** In the order in which they can be made. */
  readonly tasks = new Map<TaskId, PartTask>();
  readonly #seen = new Map<TaskId, boolean>();
  readonly #plan: Plan;
  readonly #stands: (task: TaskId) => boolean | 'unusable';
  readonly #kinds: ReadonlyMap<string, TaskKind>;

  constructor(request: {
    readonly plan: Plan;
    readonly registry: Registry;
    readonly stands: (task: TaskId) => boolean | 'unusable';
  }) {
    this.#plan = request.plan;
    this.#stands = request.stands;
    this.#kinds = new Map(request.registry.kinds.map((kind) => [kind.kind, kind]));
  }

  /** Whether there is a result of it, or a part of one can be made. */
  has(id: TaskId): boolean {
    let known = this.#seen.get(id);
    if (known === undefined) {
      const stands = this.#stands(id);
      known = stands === true || (stands === false && this.#reduce(id));
      this.#seen.set(id, known);
    }
    return known;
  }

  #reduce(id: TaskId): boolean {
    const task = this.#plan.tasks.get(id);
    const kind = task === undefined ? undefined : this.#kinds.get(task.kind);
    if (task === undefined || kind?.anytime !== true) return false;
    const inputs: [string, PlannedInput][] = [];
    const absent: [string, readonly AbsentInput[]][] = [];
    for (const [name, input] of Object.entries(task.inputs)) {
      const cut = this.#cut(input, kind.inputs[name]);
      if (cut === undefined) return false;
      if (cut.input !== undefined) inputs.push([name, cut.input]);
      if (cut.absent.length > 0) absent.push([name, cut.absent]);
    }
    if (!inputs.some(([, input]) => input.kind === 'artifact' || isFilled(input))) return false;
    this.tasks.set(id, {
      task: { ...task, inputs: Object.fromEntries(inputs), needs: [] },
      absent: Object.fromEntries(absent),
    });
    return true;
  }

  /** Undefined where the task cannot do without what is missing. */
  #cut(
    input: PlannedInput,
    port: InputPort | undefined,
  ): { readonly input: PlannedInput | undefined; readonly absent: readonly AbsentInput[] } | undefined {
    switch (input.kind) {
      case 'data':
        return { input, absent: [] };
      case 'artifact': {
        if (this.has(input.from)) return { input, absent: [] };
        if (port?.optional !== true) return undefined;
        const { coordinates, facts } = this.#plan.tasks.get(input.from)!;
        const { from, output } = input;
        const absent = [this.#absent({ from, output, coordinates, facts: facts[output] ?? {} })];
        return { input: undefined, absent };
      }
      case 'gathered': {
        const items = input.items.filter(({ from }) => this.has(from));
        if (items.length === 0 && input.items.length > 0 && port?.optional !== true) return undefined;
        const absent = input.items.filter(({ from }) => !this.has(from)).map((item) => this.#absent(item));
        return { input: { kind: 'gathered', items }, absent };
      }
    }
  }

  #absent({ from, facts, coordinates }: GatheredItem): AbsentInput {
    const { name, kind } = this.#plan.tasks.get(from)!;
    return { task: from, name, kind, facts, coordinates };
  }
}

function isFilled(input: PlannedInput): boolean {
  return input.kind === 'gathered' && input.items.length > 0;
}
