import type { WrittenRecipe } from './recipe-defaults.ts';
import { recipes } from './recipes/written.ts';

export { recipes };

/** The recipe so named, or undefined. */
export function recipeNamed(name: string): WrittenRecipe | undefined {
  return Object.hasOwn(recipes, name) ? recipes[name] : undefined;
}
