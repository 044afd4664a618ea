import type { WrittenRecipe } from './recipe-defaults.ts';

const noWarmUp = { kind: 'linear', epochs: 0, factor: 1 } as const;

/** Recipes by name. Each says where it is from and what to expect of it. */
export const recipes: { readonly [name: string]: WrittenRecipe } = {
  /**
   * torchvision's reference training of resnet18, 34 and 50 on ImageNet: 69.76, 73.31 and 76.13 % top-1.
   * The step of 0.1 is for the batch of 256.
   */
  'imagenet-resnet': {
    epochs: 90,
    batch: 256,
    learning_rate: 0.1,
    momentum: 0.9,
    nesterov: false,
    weight_decay: 1e-4,
    schedule: { kind: 'step', every: 30, factor: 0.1 },
    warmup: noWarmUp,
    label_smoothing: 0,
    crop: { kind: 'resized', scale: [0.08, 1], ratio: [3 / 4, 4 / 3] },
    flip: true,
  },
  /**
   * He et al. 2016, section 4.2, on CIFAR-10 (50,000 images): 91.25 % for ResNet-20. The published schedule divides by
   * 10 at 32,000 and 48,000 of 64,000 steps; a cosine ends as well and fits any number of epochs.
   */
  cifar: {
    epochs: 160,
    batch: 128,
    learning_rate: 0.1,
    momentum: 0.9,
    nesterov: false,
    weight_decay: 1e-4,
    schedule: { kind: 'cosine', minimum: 0 },
    warmup: noWarmUp,
    label_smoothing: 0,
    crop: { kind: 'padded', padding: 4 },
    flip: true,
  },
};

/** The recipe so named, or undefined. */
export function recipeNamed(name: string): WrittenRecipe | undefined {
  return Object.hasOwn(recipes, name) ? recipes[name] : undefined;
}
