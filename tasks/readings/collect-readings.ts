import type { AbsentInput, InputArtifact } from '../../engine/contract/task-context.ts';
import { controlOf } from './control.ts';
import { interning, placeReadings } from './place-readings.ts';
import type { Awaited, PlacedReadings, ReadScores } from './place-readings.ts';
import type { Reading } from './reading.ts';
import { readScoresFile } from './scores-file.ts';

export interface Readings {
  /** What is meant: no controls. */
  readonly readings: readonly Reading[];
  readonly controls: readonly ControlReadings[];
  /** Inputs that have no sparsity, and thereby no place on any axis. */
  readonly withoutSparsity: number;
  /** Inputs that are not there yet, with the places that they will have. No controls. */
  readonly awaited: readonly Awaited[];
}

/** All scores of one control, e.g. `randomised-weights`. */
export interface ControlReadings {
  readonly control: string;
  readonly readings: readonly Reading[];
}

/** Reads gathered `scores` artifacts and places each metric in the study. */
export async function collectReadings(
  artifacts: readonly InputArtifact[],
  seedAxes: readonly string[],
  absent: readonly AbsentInput[] = [],
): Promise<Readings> {
  const files: ReadScores[] = [];
  // One after the other: thousands of small files, and the order of the inputs is kept.
  for (const artifact of artifacts) files.push({ artifact, file: await readScoresFile(artifact.dir) });
  const intern = interning();
  // Each control by itself: its axes say nothing about those of what it controls.
  const place = (control: string | undefined): PlacedReadings =>
    placeReadings({
      files: files.filter(({ artifact }) => controlOf(artifact.facts) === control),
      seedAxes,
      absent: absent.filter(({ facts }) => controlOf(facts) === control),
      intern,
    });
  const names = [...new Set(files.flatMap(({ artifact }) => controlOf(artifact.facts) ?? []))];
  const meant = place(undefined);
  const placed = names.map((control) => ({ control, ...place(control) }));
  return {
    ...meant,
    controls: placed.map(({ control, readings }) => ({ control, readings })),
    withoutSparsity: [meant, ...placed].reduce((sum, each) => sum + each.withoutSparsity, 0),
  };
}
