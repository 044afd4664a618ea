import { sparsityOf } from '../../vision/pruning/masks.ts';
import type { StoredModel } from '../model/stored-model.ts';

/** What lies in an exported folder and how to use it. */
export function readme(
  { description, classes, preprocessing, masks }: StoredModel,
  { pth }: { readonly pth: boolean },
): string {
  const { resize, crop, interpolation, mean, std } = preprocessing;
  const sparsity = masks === undefined ? undefined : sparsityOf(masks);
  return [
    `# ${description.name}, ${classes.length} classes`,
    '',
    sparsity === undefined
      ? 'Dense: no weight is masked.'
      : `Pruned: ${sparsity.pruned} of ${sparsity.total} weights (${(100 * sparsity.sparsity).toFixed(2)} %) are exactly zero.`,
    '',
    '| file | content |',
    '|---|---|',
    "| model.safetensors | the state dict, with PyTorch's names and layouts |",
    ...(masks === undefined ? [] : ['| masks.safetensors | 1 where a weight lives, 0 where it is pruned |']),
    ...(pth
      ? ["| model.pth | the state dict in torch.save's format: `torch.load(…, weights_only=True)` |"]
      : []),
    ...(pth && masks !== undefined ? ['| masks.pth | the masks, by the names of their weights |'] : []),
    '| model.json | classes in the order of the logits, preprocessing, training |',
    '| load.py | `load()` gives the model, loaded strictly; `python load.py` prints its sparsity |',
    '',
    '```',
    'pip install torch torchvision safetensors',
    'python load.py',
    '```',
    '',
    'Preprocessing of an RGB image:',
    '',
    ...(resize === undefined ? [] : [`- shorter side to ${resize} pixels, ${interpolation}`]),
    `- centre crop of ${crop} x ${crop} pixels`,
    `- values in 0..1, minus [${mean.join(', ')}], divided by [${std.join(', ')}]`,
    '',
    'To train on with the pruned weights at zero, multiply each weight by its mask before every forward pass',
    '(`torch.nn.utils.prune.custom_from_mask` does).',
    '',
  ].join('\n');
}
