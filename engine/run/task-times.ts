import { canonicalJson } from '../../cache/canonical-json.ts';
import type { Plan, PlannedTask } from '../plan/plan.ts';
import type { Durations } from './durations.ts';
import { namedDurations } from './named-durations.ts';

type Timed = Pick<PlannedTask, 'name' | 'kind' | 'traits'>;

export interface TaskTime {
  /** What it is expected to take, in milliseconds: as the like of it did on the whole. */
  readonly usualMs: number;
  /** The longest that any like it took, on whatever device. */
  readonly longestMs: number;
}

/**
 * What tasks of a run can be expected to take, from those of their name and traits in this run and in the study's latest,
 * else from all of their kind and traits that the store has. Of what was never measured nothing is said.
 */
export class TaskTimes {
  readonly #readDurations: () => Promise<Durations>;
  readonly #past: { readonly runsDir: string; readonly plan: Plan; readonly except: string };
  readonly #here = new Map<string, { readonly count: number; readonly totalMs: number; longestMs: number }>();
  #learning: Promise<void> | undefined;
  #durations: Durations | undefined;
  #named: ((task: Timed) => number | undefined) | undefined;

  constructor(parts: {
    readonly readDurations: () => Promise<Durations>;
    readonly runsDir: string;
    readonly plan: Plan;
    /** The run itself, whose journal tells nothing new. */
    readonly except: string;
  }) {
    this.#readDurations = parts.readDurations;
    this.#past = parts;
  }

  /** Reads what the store knows, once. A store that cannot be listed is told by whoever needs its content. */
  learn(): Promise<void> {
    return (this.#learning ??= this.#learn().catch(() => undefined));
  }

  note(task: Timed, tookMs: number): void {
    const like = likeOf(task);
    const { count, totalMs, longestMs } = this.#here.get(like) ?? { count: 0, totalMs: 0, longestMs: 0 };
    const longest = Math.max(longestMs, tookMs);
    this.#here.set(like, { count: count + 1, totalMs: totalMs + tookMs, longestMs: longest });
  }

  of(task: Timed): TaskTime | undefined {
    const here = this.#here.get(likeOf(task));
    const named = this.#named?.(task);
    const longest = this.#durations?.longest(task);
    const isKnown = this.#durations?.isKnown(task) === true;
    const kindMs = isKnown ? this.#durations?.estimate({ ...task, deviceClass: '' }) : undefined;
    const usualMs = here === undefined ? (named ?? kindMs) : here.totalMs / here.count;
    if (usualMs === undefined) return undefined;
    return { usualMs, longestMs: Math.max(usualMs, here?.longestMs ?? 0, named ?? 0, longest ?? 0) };
  }

  async #learn(): Promise<void> {
    const [durations, named] = await Promise.all([
      this.#readDurations(),
      namedDurations({ ...this.#past, deviceClass: '' }),
    ]);
    this.#durations = durations;
    this.#named = named;
  }
}

function likeOf({ name, traits }: Timed): string {
  return `${name} ${canonicalJson(traits)}`;
}
