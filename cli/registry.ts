import type { Registry } from '../engine/contract/registry.ts';
import { dataAdapters } from '../tasks/data/registry.ts';
import { taskKinds } from '../tasks/registry.ts';
import { artifactTypes } from '../tasks/types/registry.ts';

/** Everything that a study may name. */
export const registry: Registry = { kinds: taskKinds, types: artifactTypes, adapters: dataAdapters };
