import type { EpochRange } from '../../vision/training/train-request.ts';

/** Which epochs of a recipe a study asks for. */
export interface EpochOptions {
  readonly from_epoch: number;
  /** Absent: the recipe's last. */
  readonly to_epoch?: number;
}

/** The epochs asked for of a recipe that has so many, or what is wrong with them. */
export function epochsOf(
  { from_epoch: from, to_epoch: to }: EpochOptions,
  epochs: number,
):
  | { readonly kind: 'epochs'; readonly range: EpochRange }
  | { readonly kind: 'invalid'; readonly field: keyof EpochOptions; readonly message: string } {
  if (to !== undefined && to > epochs)
    return {
      kind: 'invalid',
      field: 'to_epoch',
      message: `the recipe ends with epoch ${epochs}, before ${to}`,
    };
  const end = to ?? epochs;
  if (from >= end)
    return {
      kind: 'invalid',
      field: 'from_epoch',
      message: `of ${end} epochs, none is left after the first ${from}`,
    };
  return { kind: 'epochs', range: { from, to: end } };
}
