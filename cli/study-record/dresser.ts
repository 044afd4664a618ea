import { cp, rename, rm } from 'node:fs/promises';
import type { ArtifactType } from '../../engine/contract/artifact-type.ts';
import type { Registry } from '../../engine/contract/registry.ts';
import type { PlannedTask, TaskId } from '../../engine/plan/plan.ts';
import { outputType } from '../output-type.ts';
import { StudyRecorder } from './study-recorder.ts';
import type { RecordedStudy } from './study-recorder.ts';

/** How one output is dressed before it is handed over. */
export interface Dressing {
  /** Another one means that what was handed over before has to be dressed anew. */
  substance(): Promise<string>;
  /** Dresses a copy that lies in `dir`; where that fails, leaves it as it is and answers with what was in the way. */
  dress(dir: string): Promise<string | undefined>;
}

/** Dresses what a study hands over: see docs/decisions/0020-pages-are-dressed.md. */
export class Dresser {
  readonly #registry: Registry;
  readonly #recorder: StudyRecorder;

  constructor(study: RecordedStudy & { readonly registry: Registry }) {
    this.#registry = study.registry;
    this.#recorder = new StudyRecorder(study);
  }

  /** Undefined for what is handed over as it is. */
  of(task: PlannedTask, output: string): Dressing | undefined {
    const name = outputType(this.#registry, task, output);
    const dress = this.#registry.types.find(({ type }) => type === name)?.dress;
    if (dress === undefined) return undefined;
    return {
      // What fails here fails again, and is told, where the record itself is made.
      substance: () => this.#recorder.substance(task.id).catch(() => 'unknown'),
      dress: (dir) => this.#dress(task.id, dress, dir),
    };
  }

  async #dress(
    page: TaskId,
    dress: NonNullable<ArtifactType['dress']>,
    dir: string,
  ): Promise<string | undefined> {
    const copy = `${dir}-dressed`;
    try {
      const record = await this.#recorder.record(page);
      await cp(dir, copy, { recursive: true });
      await dress(copy, record);
      await rm(dir, { recursive: true });
      await rename(copy, dir);
      return undefined;
    } catch (error) {
      await rm(copy, { recursive: true, force: true });
      const why = error instanceof Error ? error.message : String(error);
      return `${page} is handed over without how it came to be: ${why}`;
    }
  }
}
