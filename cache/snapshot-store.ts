import type { TaskKey } from './digest.ts';
import type { StoreFailure } from './failures.ts';

/** A running task's own snapshots, so that a successor goes on where it stopped. Immutable once published. */
export interface SnapshotStore {
  /** Calls `write` with an empty folder, adds checksums, then publishes it by rename as the newest. Keeps the last two. */
  save(
    key: TaskKey,
    write: (dir: string) => Promise<void>,
  ): Promise<{ readonly kind: 'saved'; readonly number: number } | StoreFailure>;
  /**
   * The newest snapshot whose checksums hold, as a folder to read from. `onDamaged` is told of each newer one that had to
   * be moved aside, and where to.
   */
  newest(
    key: TaskKey,
    onDamaged?: (movedTo: string) => void,
  ): Promise<{ readonly dir: string; readonly number: number } | undefined>;
  /** Removes all snapshots of a key whose result stands. */
  clear(key: TaskKey): Promise<void>;
}
