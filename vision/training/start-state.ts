import { sizeOf } from '../models/layout.ts';
import type { Masks } from '../pruning/masks.ts';
import { tf, type NamedTensors } from '../tensors/index.ts';
import { toFloat32, toNumbers } from '../weights/raw-tensor.ts';
import type { StateDict } from '../weights/state-dict.ts';
import type { TrainingParts } from './parts.ts';
import type { Recipe } from './recipe.ts';
import { stateNames } from './state-names.ts';
import { decayOf } from './weight-decay.ts';

/** The state that training begins with: the given weights, the optimiser at rest. The caller owns the tensors. */
export function startState(
  parts: TrainingParts,
  from: { readonly initial: StateDict; readonly masks: Masks | undefined; readonly recipe: Recipe },
): NamedTensors {
  const { network, flat, optimiser, settings } = parts;
  const { initial, masks, recipe } = from;
  const mask = masks && flat.packValues(masks, 1);
  const learnt = new Map<string, tf.Tensor>([[stateNames.parameters, startParameters(parts, initial, mask)]]);
  for (const { name, shape } of network.entries.filter(({ role }) => role === 'buffer'))
    learnt.set(stateNames.buffer(name), tf.tensor(toFloat32(initial.get(name)!), [...shape]));
  const counters = network.entries.filter(({ role }) => role === 'counter');
  if (counters.length > 0)
    learnt.set(
      stateNames.counters,
      tf.tensor1d(counters.map(({ name }) => toNumbers(initial.get(name)!)[0]!)),
    );

  const state = new Map([...learnt, [stateNames.meters, tf.zeros([2])]]);
  if (mask !== undefined) state.set(stateNames.mask, mask);
  if (parts.decay === null) state.set(stateNames.decay, decayVector(parts, recipe));
  for (const name of optimiser.keeps(settings)) state.set(stateNames.optimiser(name), tf.zeros([flat.size]));
  if (takesPieces(recipe)) state.set(stateNames.gradient, tf.zeros([flat.size]));
  if (recipe.ema !== null)
    for (const [name, tensor] of learnt) state.set(stateNames.average(name), tensor.clone());
  return state;
}

/** Whether a step gathers its gradient from several passes. */
export function takesPieces({ accumulate, micro_batch: piece, batch }: Recipe): boolean {
  return accumulate > 1 || (piece !== null && piece < batch);
}

/** [size], with what is pruned at zero. */
function startParameters(
  { flat }: TrainingParts,
  initial: StateDict,
  mask: tf.Tensor1D | undefined,
): tf.Tensor1D {
  const values = new Map([...initial].map(([name, tensor]) => [name, toFloat32(tensor)]));
  const packed = flat.packValues(values, 0);
  if (mask === undefined) return packed;
  // Adding zero turns the -0 of a masked negative into the 0 that a file should hold.
  const live = tf.tidy(() => tf.add<tf.Tensor1D>(tf.mul(packed, mask), 0));
  packed.dispose();
  return live;
}

function decayVector({ network, flat }: TrainingParts, recipe: Recipe): tf.Tensor1D {
  const decays = decayOf(network.entries, recipe) as ReadonlyMap<string, number>;
  const filled = network.entries.flatMap(({ name, shape }) => {
    const decay = decays.get(name);
    return decay === undefined ? [] : [[name, new Float32Array(sizeOf(shape)).fill(decay)] as const];
  });
  return flat.packValues(new Map(filled), 0);
}
