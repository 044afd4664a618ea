import type { StudyRecord } from './study-record.ts';

/** What an output of a type must look like, checked before it is stored. */
export interface ArtifactType {
  /** `model`, `heatmaps`, `scores`, … */
  readonly type: string;
  readonly summary: string;
  /** What is wrong with the tree in `dir`; empty when it is right. Cheap: structure, not numerics. */
  readonly check: (dir: string) => Promise<readonly string[]>;
  /** Writes into a copy that is handed over, in `dir`, how what it shows came to be. The artifact itself never holds that. */
  readonly dress?: (dir: string, record: StudyRecord) => Promise<void>;
}
