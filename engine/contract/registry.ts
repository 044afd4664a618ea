import type { ArtifactType } from './artifact-type.ts';
import type { DataAdapter } from './data-adapter.ts';
import type { TaskKind } from './task-kind.ts';

/** All that a study may name. Assembled by the command line from explicit lists. */
export interface Registry {
  readonly kinds: readonly TaskKind[];
  readonly types: readonly ArtifactType[];
  readonly adapters: readonly DataAdapter[];
}
