import { canonicalJson } from '../../cache/canonical-json.ts';
import { digestOf, taskKeyOf } from '../../cache/digest.ts';
import type { Digest, TaskKey } from '../../cache/digest.ts';
import type { JsonObject } from '../../cache/json.ts';
import type { Coordinates, Facts } from '../contract/scalar.ts';

/**
 * Everything that a task's result depends on, and nothing else: no names of tasks or axes, no slot, host or place.
 * Its canonical JSON is a blob of the store; that blob's digest is the task's key.
 */
export interface Action {
  readonly format: 1;
  readonly kind: string;
  readonly version: number;
  /** Less every value equal to its default. */
  readonly options: JsonObject;
  readonly inputs: { readonly [input: string]: ActionInput };
  /** What the kind found on this machine that matters (content of scripts, versions of programs). */
  readonly identity?: JsonObject;
  /** Present in smoke runs alone, so that a task that looks at `smoke` cannot pass its result off as a real one. */
  readonly smoke?: true;
}

export type ActionInput =
  { readonly artifact: Digest } | { readonly gathered: readonly ActionItem[] } | { readonly data: Digest };

export interface ActionItem {
  readonly coordinates: Coordinates;
  readonly facts: Facts;
  readonly artifact: Digest;
}

/** An action as bytes, and the key they give. */
export interface KeyedAction {
  readonly action: Action;
  readonly text: string;
  readonly key: TaskKey;
}

export function keyAction(action: Action): KeyedAction {
  const text = canonicalJson(toJson(action));
  return { action, text, key: taskKeyOf(digestOf(text)) };
}

function toJson({ format, identity, inputs, kind, options, smoke, version }: Action): JsonObject {
  const named: { [input: string]: JsonObject } = {};
  for (const name of Object.keys(inputs)) named[name] = inputJson(inputs[name]!);
  return {
    format,
    ...(identity === undefined ? undefined : { identity }),
    inputs: named,
    kind,
    options,
    ...(smoke === undefined ? undefined : { smoke }),
    version,
  };
}

function inputJson(input: ActionInput): JsonObject {
  if ('artifact' in input) return { artifact: input.artifact };
  if ('data' in input) return { data: input.data };
  const gathered = input.gathered.map(({ coordinates, facts, artifact }) => ({
    coordinates,
    facts,
    artifact,
  }));
  return { gathered };
}
