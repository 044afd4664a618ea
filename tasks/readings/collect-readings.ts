import type { AbsentInput, InputArtifact } from '../../engine/contract/task-context.ts';
import type { Scalar } from '../../engine/contract/scalar.ts';
import { axisRoles, placeOf } from './axis-roles.ts';
import type { Reading } from './reading.ts';
import { readScoresFile } from './scores-file.ts';
import type { ScoresFile } from './scores-file.ts';

export interface Readings {
  readonly readings: readonly Reading[];
  /** Inputs that have no sparsity, and thereby no place on any axis. */
  readonly withoutSparsity: number;
  /** Inputs that are not there yet, with the places that they will have. */
  readonly awaited: readonly Awaited[];
}

/** The place in the study of a result that does not exist yet. */
export interface Awaited extends Pick<
  Reading,
  'model' | 'sparsity' | 'method' | 'set' | 'variant' | 'seed' | 'position'
> {
  /** Kind of the task that will make it. */
  readonly kind: string;
}

export interface ReadScores {
  readonly artifact: Pick<InputArtifact, 'coordinates' | 'facts'>;
  readonly file: ScoresFile;
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
  return placeReadings(files, seedAxes, absent);
}

function placeReadings(
  files: readonly ReadScores[],
  seedAxes: readonly string[],
  absent: readonly AbsentInput[],
): Readings {
  const intern = interning();
  const placed = files.flatMap(({ artifact, file }) => {
    const fact = (name: string): Scalar | undefined => artifact.facts[name] ?? file.about[name];
    const sparsity = fact('sparsity');
    if (typeof sparsity !== 'number') return [];
    const named = { model: fact('model'), method: fact('method'), set: fact('set') };
    return [{ file, sparsity, facts: named, named: Object.values(named), coordinates: artifact.coordinates }];
  });
  const expected = absent.flatMap(({ kind, facts, coordinates }) => {
    const { sparsity, model, method, set } = facts;
    if (typeof sparsity !== 'number') return [];
    return [{ kind, sparsity, facts: { model, method, set }, named: [model, method, set], coordinates }];
  });
  const roles = axisRoles([...placed, ...expected], seedAxes);
  const readings = placed.flatMap(({ file, sparsity, facts, coordinates }) => {
    const place = {
      measure: file.measure,
      ...namesOf(facts),
      sparsity,
      ...placeOf(coordinates, roles),
      items: intern(file.items),
      conditions: file.groups?.condition === undefined ? undefined : intern(file.groups.condition),
    };
    return Object.entries(file.metrics).map(
      ([metric, { unit, higherIsBetter, mean, values, people }]): Reading => {
        return { ...place, metric, unit, higherIsBetter, mean, values, people };
      },
    );
  });
  const awaited = expected.map(({ kind, sparsity, facts, coordinates }): Awaited => {
    return { kind, sparsity, ...namesOf(facts), ...placeOf(coordinates, roles) };
  });
  return { readings, withoutSparsity: files.length - placed.length, awaited };
}

interface NamedFacts {
  readonly model: Scalar | undefined;
  readonly method: Scalar | undefined;
  readonly set: Scalar | undefined;
}

function namesOf({ model, method, set }: NamedFacts): Pick<Reading, 'model' | 'method' | 'set'> {
  return { model: text(model) ?? 'model', method: text(method), set: text(set) };
}

function text(fact: Scalar | undefined): string | undefined {
  return fact === undefined ? undefined : String(fact);
}

/** Keeps one copy of equal lists: every reading of a set names the same images. */
function interning(): <T extends readonly (string | null)[]>(list: T) => T {
  const known = new Map<string, readonly (string | null)[]>();
  return <T extends readonly (string | null)[]>(list: T): T => {
    const key = JSON.stringify(list);
    const first = known.get(key);
    if (first !== undefined) return first as T;
    known.set(key, list);
    return list;
  };
}
