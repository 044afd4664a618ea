import type { Random } from '../../random/random.ts';
import type { Raster } from '../raster.ts';
import type { MagnitudeSpace } from './magnitudes.ts';
import type { Interpolation } from './operation.ts';
import { type OperationName, operations } from './operations.ts';

export interface PolicyRequest {
  /** Of shears, shifts and rotations. */
  readonly interpolation: Interpolation;
  readonly random: Random;
}

/** Does an operation with the magnitude that stands at `bin` of its space, in a direction that is drawn. */
export function apply(
  image: Raster,
  name: OperationName,
  {
    space,
    bin,
    interpolation,
    random,
  }: PolicyRequest & { readonly space: MagnitudeSpace; readonly bin: number },
): Raster {
  const { values = [], signed = false } = space[name] ?? {};
  const size = values[values.length === 1 ? 0 : bin];
  if (size === undefined) throw new Error(`${name} has no magnitude ${bin} here`);
  const magnitude = signed && random.chance(0.5) ? -size : size;
  return operations[name](image, { magnitude, interpolation });
}

/** The operations of a space, in their order. */
export function namesOf(space: MagnitudeSpace): readonly OperationName[] {
  return Object.keys(space) as OperationName[];
}
