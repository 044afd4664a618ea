import { optimiserNamed } from './optimisers/registry.ts';
import type { OptimizerChoice, Recipe } from './recipe.ts';

type Defaulted =
  | 'accumulate'
  | 'micro_batch'
  | 'optimizer'
  | 'norm_weight_decay'
  | 'bias_weight_decay'
  | 'embedding_weight_decay'
  | 'clip_grad_norm'
  | 'mixup'
  | 'cutmix'
  | 'ema'
  | 'augmentation'
  | 'random_erasing'
  | 'repeats';

/** What a recipe may leave unsaid: all of it means "as it was before the field existed". */
const recipeDefaults: Pick<Recipe, Defaulted> = {
  accumulate: 1,
  micro_batch: null,
  optimizer: { kind: 'sgd' },
  norm_weight_decay: null,
  bias_weight_decay: null,
  embedding_weight_decay: null,
  clip_grad_norm: null,
  mixup: 0,
  cutmix: 0,
  ema: null,
  augmentation: { kind: 'none' },
  random_erasing: 0,
  repeats: 1,
};

/** A recipe as it is written, hashed and kept with a checkpoint. */
export type WrittenRecipe = Omit<Recipe, Defaulted> & Partial<Pick<Recipe, Defaulted>>;

/** Every field of a recipe. */
export function completed(written: WrittenRecipe): Recipe {
  return { ...recipeDefaults, ...written };
}

/** The shortest way to write a recipe: the same for all that mean the same, whichever fields are spelt out. */
export function shortened(recipe: WrittenRecipe): WrittenRecipe {
  const { optimizer } = recipe;
  const written = optimizer === undefined ? recipe : { ...recipe, optimizer: shortenedChoice(optimizer) };
  return without(written, { ...recipeDefaults }) as unknown as WrittenRecipe;
}

function shortenedChoice(choice: OptimizerChoice): OptimizerChoice {
  const { options } = optimiserNamed(choice.kind);
  const defaults = Object.entries(options).map(([name, option]) => [name, option.default] as const);
  return without(choice, Object.fromEntries(defaults)) as OptimizerChoice;
}

/** The fields that are not equal to their defaults. */
function without(fields: object, defaults: { readonly [field: string]: unknown }): object {
  const said = Object.entries(fields as { readonly [field: string]: unknown }).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(defaults[field]),
  );
  return Object.fromEntries(said);
}
