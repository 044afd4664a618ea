import type { Recipe } from './recipe.ts';
import { shortened, type WrittenRecipe } from './recipe-defaults.ts';
import { recipeNamed, recipes } from './recipes.ts';

/** Fields of a recipe that replace those of the one it starts from, whole. */
export type RecipeOverrides = { readonly [field in keyof Recipe]?: Recipe[field] };

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
export function withOverrides(base: WrittenRecipe, overrides: RecipeOverrides): WrittenRecipe {
  return shortened({ ...base, ...overrides });
}

/** What is wrong with a recipe that its fields, each for itself, cannot tell; undefined where nothing is. */
export function recipeProblem(
  recipe: RecipeOverrides,
): { readonly field: keyof Recipe; readonly message: string } | undefined {
  const { epochs, warmup, crop } = recipe;
  if (epochs !== undefined && warmup !== undefined && warmup.epochs > epochs)
    return {
      field: 'warmup',
      message: `the warm-up of ${warmup.epochs} epochs outlasts the ${epochs} of the recipe`,
    };
  if (crop?.kind === 'resized' && (crop.scale[0] > crop.scale[1] || crop.ratio[0] > crop.ratio[1]))
    return { field: 'crop', message: "'scale' and 'ratio' are ranges: the smaller number first" };
  return undefined;
}
