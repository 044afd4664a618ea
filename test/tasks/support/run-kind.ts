import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '../../../cache/digest.ts';
import type { JsonObject } from '../../../cache/json.ts';
import type { Facts } from '../../../engine/contract/scalar.ts';
import type { InputArtifact, InputData, TaskContext } from '../../../engine/contract/task-context.ts';
import type { TaskKind } from '../../../engine/contract/task-kind.ts';
import { artifactTypes } from '../../../tasks/types/registry.ts';

export interface KindRun {
  readonly kind: TaskKind;
  readonly options?: JsonObject;
  readonly artifacts?: { readonly [input: string]: InputArtifact };
  /** Inputs that take several. */
  readonly gathered?: { readonly [input: string]: readonly InputArtifact[] };
  readonly data?: { readonly [input: string]: InputData };
}

export interface KindResult {
  /** Outputs as inputs for the next kind, with the facts that the plan would promise. */
  readonly outputs: { readonly [output: string]: InputArtifact };
  readonly stated: { readonly [output: string]: Facts };
  readonly warnings: readonly string[];
}

/** Runs a task kind as a worker would: defaults filled in, options resolved, outputs checked against their types. */
export async function runKind({
  kind,
  options = {},
  artifacts = {},
  gathered = {},
  data = {},
}: KindRun): Promise<KindResult> {
  const dir = await mkdtemp(join(tmpdir(), `sweetspot-${kind.kind}-`));
  const resolved = resolvedOptions(kind, options);
  const ports = typeof kind.outputs === 'function' ? kind.outputs(resolved) : kind.outputs;
  for (const name of Object.keys(ports)) await mkdir(join(dir, name));
  const wrong = kind.check?.({ options: resolved, inputs: factsOf(artifacts, data) });
  if (wrong !== undefined) throw new Error(wrong.message);
  const stated: { [output: string]: Facts } = {};
  const warnings: string[] = [];
  const run = await kind.load();
  await run(contextOf({ dir, options: resolved, artifacts, gathered, data, stated, warnings }));

  const promised = kind.facts?.({ options: resolved, inputs: factsOf(artifacts, data) }) ?? {};
  const outputs: { [output: string]: InputArtifact } = {};
  for (const [name, { type }] of Object.entries(ports)) {
    const problems = await artifactTypes.find((each) => each.type === type)!.check(join(dir, name));
    if (problems.length > 0) throw new Error(`${kind.kind}.${name}: ${problems.join('; ')}`);
    outputs[name] = artifactAt(join(dir, name), promised[name] ?? {});
  }
  return { outputs, stated, warnings };
}

/** A folder as an input. */
export function artifactAt(dir: string, facts: Facts = {}): InputArtifact {
  return { digest: digestOf(dir), facts, coordinates: {}, dir };
}

/** Embedded drawings as an input. */
export function shapesData(options: JsonObject, part?: string): InputData {
  return {
    adapter: 'shapes',
    options,
    root: undefined,
    part,
    digest: digestOf('shapes'),
    facts: {},
    files: [],
  };
}

function resolvedOptions(kind: TaskKind, given: JsonObject): JsonObject {
  const properties = (kind.options['properties'] ?? {}) as { readonly [name: string]: JsonObject };
  const defaults = Object.entries(properties).flatMap(([name, schema]) => {
    const value = schema['default'];
    return value === undefined ? [] : [[name, value] as const];
  });
  const filled = { ...Object.fromEntries(defaults), ...given };
  const resolved = kind.resolve?.(filled) ?? { kind: 'resolved', options: filled };
  if (resolved.kind === 'invalid') throw new Error(resolved.message);
  return resolved.options;
}

function factsOf(
  artifacts: { readonly [input: string]: InputArtifact },
  data: { readonly [input: string]: InputData },
): { readonly [input: string]: Facts } {
  return Object.fromEntries(
    Object.entries({ ...artifacts, ...data }).map(([name, { facts }]) => [name, facts]),
  );
}

interface ContextParts {
  readonly dir: string;
  readonly options: JsonObject;
  readonly artifacts: { readonly [input: string]: InputArtifact };
  readonly gathered: { readonly [input: string]: readonly InputArtifact[] };
  readonly data: { readonly [input: string]: InputData };
  readonly stated: { [output: string]: Facts };
  readonly warnings: string[];
}

function contextOf({ dir, options, artifacts, gathered, data, stated, warnings }: ContextParts): TaskContext {
  const given = <T>(inputs: { readonly [name: string]: T }, name: string): T => {
    const input = inputs[name];
    if (input === undefined) throw new Error(`no input ${name}`);
    return input;
  };
  return {
    options,
    identity: {},
    absent: () => [],
    inputNames: () => [],
    artifact: (name) => given(artifacts, name),
    optionalArtifact: (name) => artifacts[name],
    artifacts: (name) => gathered[name] ?? [],
    data: (name) => given(data, name),
    optionalData: (name) => data[name],
    output: (name) => join(dir, name),
    studyDir: dir,
    scratchDir: dir,
    stateFacts: (output, facts) => {
      stated[output] = { ...stated[output], ...facts };
    },
    snapshots: { newest: () => Promise.resolve(undefined), save: () => Promise.resolve() },
    progress: () => undefined,
    log: { info: () => undefined, warn: (message) => warnings.push(message) },
    signal: new AbortController().signal,
    device: { backend: 'cpu', deviceClass: 'cpu-t1', threads: 1 },
    smoke: false,
  };
}
