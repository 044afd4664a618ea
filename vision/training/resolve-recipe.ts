import type { Recipe } from './recipe.ts';
import { shortened, type WrittenRecipe } from './recipe-defaults.ts';
import { recipeNamed, recipes } from './recipes.ts';
import { learningRateAt, type Schedule } from './schedule.ts';

/** Fields of a recipe that replace those of the one it starts from, whole. */
export type RecipeOverrides = { readonly [field in Exclude<keyof Recipe, 'schedule'>]?: Recipe[field] } & {
  readonly schedule?: Schedule | LastRate;
};

/** For every epoch the learning rate that the other recipe ends with: fine-tuning. */
interface LastRate {
  readonly kind: 'last';
}

/** A named recipe with some fields replaced. */
export function resolveRecipe(
  name: string,
  overrides: RecipeOverrides,
):
  | { readonly kind: 'resolved'; readonly recipe: WrittenRecipe }
  | { readonly kind: 'unknown-recipe'; readonly known: readonly string[] } {
  const base = recipeNamed(name);
  if (base === undefined) return { kind: 'unknown-recipe', known: Object.keys(recipes) };
  return { kind: 'resolved', recipe: withOverrides(base, overrides) };
}

/** The shortest way to write a recipe with some fields replaced. */
export function withOverrides(base: WrittenRecipe, { schedule, ...fields }: RecipeOverrides): WrittenRecipe {
  if (schedule?.kind !== 'last')
    return shortened({ ...base, ...fields, ...(schedule === undefined ? {} : { schedule }) });
  return shortened({
    ...base,
    ...fields,
    learning_rate: learningRateAt(base, base.epochs - 1),
    schedule: { kind: 'constant' },
    warmup: { kind: 'linear', epochs: 0, factor: 1 },
  });
}

/** What is wrong with a recipe that its fields, each for itself, cannot tell; undefined where nothing is. */
export function recipeProblem(
  recipe: RecipeOverrides,
): { readonly field: keyof Recipe; readonly message: string } | undefined {
  const { epochs, warmup, crop, schedule } = recipe;
  const stated = (['learning_rate', 'warmup'] as const).find((field) => recipe[field] !== undefined);
  if (schedule?.kind === 'last' && stated !== undefined)
    return { field: stated, message: "the schedule 'last' goes on with a rate that is known: it takes none" };
  if (epochs !== undefined && warmup !== undefined && warmup.epochs > epochs)
    return {
      field: 'warmup',
      message: `the warm-up of ${warmup.epochs} epochs outlasts the ${epochs} of the recipe`,
    };
  if (crop?.kind === 'resized' && (crop.scale[0] > crop.scale[1] || crop.ratio[0] > crop.ratio[1]))
    return { field: 'crop', message: "'scale' and 'ratio' are ranges: the smaller number first" };
  return undefined;
}
