import { readdirSync } from 'node:fs';
import type { PutOptions } from '../../cache/artifact-store.ts';
import type { Digest } from '../../cache/digest.ts';
import type { Store } from '../../cache/store.ts';
import type { JsonObject } from '../../cache/json.ts';
import type { Registry } from '../contract/registry.ts';
import type { OutputPorts, TaskKind } from '../contract/task-kind.ts';
import type { Outputs, TaskFailure } from '../run/events.ts';
import { machineFailure } from './failures.ts';

export type StoredOutputs =
  | { readonly kind: 'stored'; readonly outputs: Outputs }
  | { readonly kind: 'failed'; readonly failure: TaskFailure };

export function outputPortsOf(kind: TaskKind, options: JsonObject): OutputPorts {
  return typeof kind.outputs === 'function' ? kind.outputs(options) : kind.outputs;
}

/** What is wrong with the outputs as written, as sentences: every one has to be there and be what its type says. */
export async function checkOutputs(
  ports: OutputPorts,
  dirs: ReadonlyMap<string, string>,
  registry: Registry,
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const [output, dir] of dirs) {
    const port = ports[output];
    const type = registry.types.find((each) => each.type === port?.type);
    if (readdirSync(dir).length === 0) {
      problems.push(`output '${output}': nothing was written`);
    } else if (type !== undefined) {
      for (const problem of await type.check(dir)) {
        problems.push(`output '${output}' is not a valid ${type.type}: ${problem}`);
      }
    }
  }
  return problems;
}

/** Puts every output into the store: blobs, then manifest. The action result is not written here. */
export async function storeOutputs(
  dirs: ReadonlyMap<string, string>,
  store: Store,
  options: PutOptions,
): Promise<StoredOutputs> {
  const digests: [string, Digest][] = [];
  for (const [output, dir] of dirs) {
    const put = await store.artifacts.putTree(dir, options);
    switch (put.kind) {
      case 'stored':
        digests.push([output, put.digest]);
        break;
      case 'invalid-tree':
        return {
          kind: 'failed',
          failure: { class: 'task', message: `output '${output}': ${put.problems.join('; ')}` },
        };
      case 'store-failure':
        return { kind: 'failed', failure: machineFailure(put) };
    }
  }
  return { kind: 'stored', outputs: Object.fromEntries(digests) };
}
