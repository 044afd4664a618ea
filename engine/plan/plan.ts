import type { JsonObject } from '../../cache/json.ts';
import type { Resources } from '../contract/resources.ts';
import type { Coordinates, Facts } from '../contract/scalar.ts';
import type { TaskGraph } from './task-graph.ts';
import type { TaskId } from './task-id.ts';

export { taskId } from './task-id.ts';
export type { TaskId } from './task-id.ts';

/** A study, expanded: every instance that may run, and the edges between them. Plain data but for the graph. */
export interface Plan {
  readonly study: string;
  /** Absolute path of the study file. */
  readonly file: string;
  /** Parameters as used. */
  readonly params: JsonObject;
  readonly smoke: boolean;
  readonly tasks: ReadonlyMap<TaskId, PlannedTask>;
  readonly graph: TaskGraph;
  readonly data: ReadonlyMap<string, PlannedData>;
  readonly pools: ReadonlyMap<string, readonly GatheredItem[]>;
  /** What an `if` keeps out of the plan, in the order of the study. */
  readonly leftOut: readonly LeftOut[];
}

/** An instance of a task, or a whole group at one place, that does not run because its `if` is false there. */
export interface LeftOut {
  readonly id: TaskId;
  readonly name: string;
  readonly coordinates: Coordinates;
  /** The condition as written. */
  readonly condition: string;
  readonly place: Place;
}

export interface PlannedTask {
  readonly id: TaskId;
  /** Dotted or slashed name without coordinates: `lrr/retrain`. */
  readonly name: string;
  readonly coordinates: Coordinates;
  readonly kind: string;
  /** Resolved, defaults filled in. */
  readonly options: JsonObject;
  readonly inputs: { readonly [input: string]: PlannedInput };
  /** Order without data. */
  readonly needs: readonly TaskId[];
  readonly facts: { readonly [output: string]: Facts };
  readonly traits: Facts;
  readonly resources: Resources;
  readonly retries: number;
  readonly timeoutMs: number | undefined;
  /** How long it may give no sign of progress; undefined: as long as any task. */
  readonly stallMs: number | undefined;
  readonly keep: { readonly [output: string]: 'always' | 'until-used' };
  readonly place: Place;
}

export type PlannedInput =
  | { readonly kind: 'artifact'; readonly from: TaskId; readonly output: string }
  | { readonly kind: 'gathered'; readonly items: readonly GatheredItem[] }
  | { readonly kind: 'data'; readonly data: string; readonly part: string | undefined };

export interface GatheredItem {
  readonly from: TaskId;
  readonly output: string;
  readonly coordinates: Coordinates;
  readonly facts: Facts;
}

export interface PlannedData {
  readonly name: string;
  readonly adapter: string;
  /** Defaults filled in. */
  readonly options: JsonObject;
  readonly root: string | undefined;
  /** What `--data` and configurations call its folder, where that is not its own name. */
  readonly rootName?: string;
  readonly facts: Facts;
  readonly place: Place;
}

/** Where in a file something was said. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}
