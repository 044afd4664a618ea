import type { Coordinates, Scalar } from '../../engine/contract/scalar.ts';

/**
 * What an axis of the gathered inputs means: `seed` repeats the same thing, `position` is the place in a pool or a
 * chain (sparsity tells it better), `named` repeats a fact such as the method, and `variant` tells lines apart.
 */
export type AxisRole = 'seed' | 'position' | 'named' | 'variant';

export interface PlacedInput {
  readonly coordinates: Coordinates;
  /** Facts that have a place of their own: model, method, set. */
  readonly named: readonly (Scalar | undefined)[];
  readonly sparsity: number;
}

export interface Place {
  /** `pooling=l2-norm`; empty where nothing but model, method and set tells lines apart. */
  readonly variant: string;
  /** Empty where there is no seed axis. */
  readonly seed: string;
  readonly position: number | undefined;
}

const positionNames: readonly string[] = ['pool', 'step'];

/** The role of each axis that occurs among the inputs. */
export function axisRoles(
  inputs: readonly PlacedInput[],
  seedAxes: readonly string[],
): ReadonlyMap<string, AxisRole> {
  const axes = [...new Set(inputs.flatMap((input) => Object.keys(input.coordinates)))];
  const roles = new Map<string, AxisRole>();
  for (const axis of axes) {
    if (seedAxes.includes(axis)) roles.set(axis, 'seed');
    else if (isNamed(inputs, axis)) roles.set(axis, 'named');
    else if (positionNames.includes(axis)) roles.set(axis, 'position');
    else roles.set(axis, 'variant');
  }
  // A pool may have any name. Then its axis is the one along which sparsity rises.
  if (![...roles.values()].includes('position')) {
    const rising = axes.filter((axis) => roles.get(axis) === 'variant' && sparsityRisesAlong(inputs, axis));
    const longest = rising.sort((a, b) => distinctValues(inputs, b) - distinctValues(inputs, a))[0];
    if (longest !== undefined) roles.set(longest, 'position');
  }
  return roles;
}

/** What an input's coordinates say once its axes have roles. */
export function placeOf(coordinates: Coordinates, roles: ReadonlyMap<string, AxisRole>): Place {
  const withRole = (role: AxisRole): [string, Scalar][] =>
    Object.entries(coordinates).filter(([axis]) => roles.get(axis) === role);
  const position = withRole('position')[0]?.[1];
  return {
    variant: withRole('variant')
      .map(([axis, value]) => `${axis}=${value}`)
      .join(', '),
    seed: withRole('seed')
      .map(([, value]) => String(value))
      .join(', '),
    position: typeof position === 'number' ? position : undefined,
  };
}

function isNamed(inputs: readonly PlacedInput[], axis: string): boolean {
  return inputs.every(({ coordinates, named }) => {
    const value = coordinates[axis];
    return value === undefined || named.includes(value);
  });
}

function distinctValues(inputs: readonly PlacedInput[], axis: string): number {
  return new Set(inputs.map((input) => input.coordinates[axis])).size;
}

function sparsityRisesAlong(inputs: readonly PlacedInput[], axis: string): boolean {
  const groups = new Map<string, { readonly at: number; readonly sparsity: number }[]>();
  for (const { coordinates, named, sparsity } of inputs) {
    const at = coordinates[axis];
    if (at === undefined) continue;
    if (typeof at !== 'number') return false;
    const rest = Object.entries(coordinates).filter(([name]) => name !== axis);
    const key = JSON.stringify([rest, named]);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push({ at, sparsity });
  }
  return [...groups.values()].every((group) => {
    const ordered = group.sort((a, b) => a.at - b.at);
    return (
      ordered.length > 1 && ordered.every((point, i) => i === 0 || point.sparsity > ordered[i - 1]!.sparsity)
    );
  });
}
