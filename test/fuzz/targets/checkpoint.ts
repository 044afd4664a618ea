import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describedModel } from '../../../vision/models/catalogue.ts';
import type { Random } from '../../../vision/random/random.ts';
import { readCheckpoint } from '../../../vision/weights/checkpoint.ts';
import { loadMasks } from '../../../vision/weights/masked-pairs.ts';
import { fitPositions } from '../../../vision/weights/position-embeddings.ts';
import { fitStateDict } from '../../../vision/weights/state-dict.ts';
import { repositoryRoot } from '../../support/shared.ts';
import { bytesInMemory } from '../../support/weights-in-memory.ts';
import { wrappedTorch, type TensorSaid } from '../formats/pickle.ts';
import type { Target } from '../target.ts';
import { checkFailure } from './check-failure.ts';

const entries = describedModel('vit_mini_4')!.layout({ classes: 2 });

/** Checkpoints as training scripts and torch.nn.utils.prune leave them. */
export const checkpoint: Target = {
  name: 'checkpoint',
  seeds: () =>
    Promise.all(
      ['training.pth', 'training-legacy.pth', 'compiled.pth', 'pruned.pth', 'attributes.pth'].map((name) =>
        readFile(join(repositoryRoot, 'test/fixtures/weights', name)),
      ),
    ),
  invent,
  words: [
    '_orig',
    '_mask',
    'module.',
    'model.',
    '_orig_mod.',
    'model',
    'state_dict',
    'model_ema',
    'n_averaged',
    'ctorch._utils\n_rebuild_parameter_with_state\n',
    'ctorch._tensor\n_rebuild_from_type_v2\n',
  ],
  read: async (input) => {
    for (const key of [undefined, 'model_ema']) {
      const read = await readCheckpoint(bytesInMemory(input), key);
      if (read.kind !== 'checkpoint') {
        checkFailure(read);
        continue;
      }
      const masks = await loadMasks(read.masks);
      if (masks.kind !== 'masks') checkFailure(masks);
      else for (const name of masks.masks.keys()) if (!read.tensors.has(name)) throw new Error(name);
      for (const [name, { load }] of read.tensors) {
        if (/^(module|model)\../.test(name)) throw new Error(`'${name}' is not its own name`);
        await load();
      }
      const { tensors } = fitPositions(read.tensors, entries);
      await tensors.get('encoder.pos_embedding')?.load();
      const fitted = fitStateDict(tensors, entries);
      if (fitted.kind !== 'fits' && fitted.detail.length > 2000) throw new Error('an endless line');
    }
  },
};

const words = ['model', 'state_dict', 'model_ema', 'module', '_orig_mod', 'a', 'a', 'a', 'n_averaged', ''];
const ends = ['', '', '_orig', '_mask', '_mask'];

function invent(random: Random): Uint8Array {
  const wrapped = Array.from({ length: 1 + random.integer(3) }, () => ({
    key: pick(random, words),
    tensors: Array.from({ length: random.integer(8) }, () => tensor(random)),
  }));
  return wrappedTorch(wrapped, { storage: Buffer.alloc(4 * 128 * 17, 1), inItself: random.chance(0.05) });
}

function tensor(random: Random): TensorSaid {
  const isPositions = random.chance(0.2);
  const parts = Array.from({ length: 1 + random.integer(4) }, () => pick(random, words));
  const shape = isPositions ? [1n, BigInt(random.integer(18)), 128n] : [BigInt(random.integer(3))];
  return {
    name: isPositions ? 'encoder.pos_embedding' : `${parts.join('.')}${pick(random, ends)}`,
    storage: random.chance(0.9) ? 'FloatStorage' : 'LongStorage',
    key: '0',
    length: BigInt(128 * 17),
    offset: 0n,
    shape,
    strides: shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1n)),
  };
}

function pick(random: Random, from: readonly string[]): string {
  return from[random.integer(from.length)]!;
}
