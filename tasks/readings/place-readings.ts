import type { AbsentInput } from '../../engine/contract/task-context.ts';
import type { Scalar } from '../../engine/contract/scalar.ts';
import { axisRoles, placeOf } from './axis-roles.ts';
import type { Reading, ScoresSource } from './reading.ts';
import type { ScoresFile } from './scores-file.ts';

/** The place in the study of a result that does not exist yet. */
export interface Awaited extends Pick<
  Reading,
  'model' | 'sparsity' | 'method' | 'set' | 'variant' | 'seed' | 'position'
> {
  /** Kind of the task that will make it. */
  readonly kind: string;
}

export interface ReadScores {
  readonly artifact: ScoresSource;
  readonly file: ScoresFile;
}

export interface PlaceRequest {
  readonly files: readonly ReadScores[];
  readonly seedAxes: readonly string[];
  /** Inputs that are not there yet. */
  readonly absent: readonly AbsentInput[];
  readonly intern: Interning;
}

export interface PlacedReadings {
  readonly readings: readonly Reading[];
  readonly withoutSparsity: number;
  readonly awaited: readonly Awaited[];
}

/** Keeps one copy of equal lists. */
type Interning = <T extends readonly (string | null)[]>(list: T) => T;

/** Reads off scores that belong together where each stands in the study. */
export function placeReadings({ files, seedAxes, absent, intern }: PlaceRequest): PlacedReadings {
  const placed = files.flatMap(({ artifact, file }) => {
    const fact = (name: string): Scalar | undefined => artifact.facts[name] ?? file.about[name];
    const sparsity = fact('sparsity');
    if (typeof sparsity !== 'number') return [];
    const named = { model: fact('model'), method: fact('method'), set: fact('set') };
    const { coordinates } = artifact;
    return [{ artifact, file, sparsity, facts: named, named: Object.values(named), coordinates }];
  });
  const expected = absent.flatMap(({ kind, facts, coordinates }) => {
    const { sparsity, model, method, set } = facts;
    if (typeof sparsity !== 'number') return [];
    return [{ kind, sparsity, facts: { model, method, set }, named: [model, method, set], coordinates }];
  });
  const roles = axisRoles([...placed, ...expected], seedAxes);
  const readings = placed.flatMap(({ artifact, file, sparsity, facts, coordinates }) => {
    const place = {
      source: artifact,
      measure: file.measure,
      ...namesOf(facts),
      sparsity,
      ...placeOf(coordinates, roles),
      items: intern(file.items),
      images: file.groups?.image === undefined ? undefined : intern(file.groups.image),
      conditions: file.groups?.condition === undefined ? undefined : intern(file.groups.condition),
      ...(file.people === undefined ? {} : { humans: file.people }),
    };
    return Object.entries(file.metrics).map(
      ([metric, { unit, higherIsBetter, mean, values, people }]): Reading => {
        return { ...place, metric, unit, higherIsBetter, mean, values, people, cases: casesOf(file, metric) };
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

function casesOf({ notes }: ScoresFile, metric: string): { readonly [name: string]: number } {
  const cases = notes?.[metric];
  if (typeof cases !== 'object' || cases === null || Array.isArray(cases)) return {};
  return Object.fromEntries(
    Object.entries(cases).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}

/** Every reading of a set names the same images. */
export function interning(): Interning {
  const known = new Map<string, readonly (string | null)[]>();
  return <T extends readonly (string | null)[]>(list: T): T => {
    const key = JSON.stringify(list);
    const first = known.get(key);
    if (first !== undefined) return first as T;
    known.set(key, list);
    return list;
  };
}
