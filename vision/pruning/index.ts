export { pruneCount, roundHalfToEven, sparsityAfter, type PruningAmount } from './amount.ts';
export {
  fullMasks,
  maskedValues,
  masksFromTensors,
  masksToTensors,
  prunableEntries,
  sparsityOf,
  type Masks,
} from './masks.ts';
export type { PruneRequest, PruningMethod } from './method.ts';
export { pruningMethodNamed, pruningMethods } from './registry.ts';
