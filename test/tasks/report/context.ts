import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../../../cache/json.ts';
import type { AbsentInput, InputArtifact, TaskContext } from '../../../engine/contract/task-context.ts';
import type { TaskKind } from '../../../engine/contract/task-kind.ts';

export interface FakeContext {
  readonly context: TaskContext;
  readonly warnings: readonly string[];
}

/** A context for kinds that only gather artifacts; options left out take the contract's defaults. */
export async function gatheringContext(request: {
  readonly kind: TaskKind;
  readonly inputs: { readonly [input: string]: readonly InputArtifact[] };
  readonly absent?: { readonly [input: string]: readonly AbsentInput[] };
  readonly options: JsonObject;
  readonly dir: string;
}): Promise<FakeContext> {
  const { kind, inputs, absent = {}, options, dir } = request;
  const warnings: string[] = [];
  const outputs = typeof kind.outputs === 'function' ? kind.outputs(options) : kind.outputs;
  for (const name of Object.keys(outputs)) await mkdir(join(dir, name), { recursive: true });
  const unused = (what: string) => (): never => {
    throw new Error(`${what} is not used by a gathering kind`);
  };
  const context: TaskContext = {
    options: { ...defaultsOf(kind), ...options },
    identity: {},
    absent: (input) => absent[input] ?? [],
    inputNames: unused('inputNames'),
    artifact: unused('artifact'),
    optionalArtifact: unused('optionalArtifact'),
    artifacts: (input) => inputs[input] ?? [],
    data: unused('data'),
    optionalData: unused('optionalData'),
    output: (name) => join(dir, name),
    studyDir: dir,
    scratchDir: dir,
    stateFacts: () => undefined,
    snapshots: { newest: unused('snapshots'), save: unused('snapshots') },
    progress: () => undefined,
    log: { info: () => undefined, warn: (message) => warnings.push(message) },
    signal: new AbortController().signal,
    device: { backend: 'none', deviceClass: 'cpu-t1', threads: 1 },
    smoke: false,
  };
  return { context, warnings };
}

function defaultsOf(kind: TaskKind): JsonObject {
  const properties = (kind.options['properties'] ?? {}) as JsonObject;
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, schema]) => {
      const value = (schema as JsonObject)['default'];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
