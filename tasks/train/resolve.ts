import type { JsonObject } from '../../cache/json.ts';
import type { ResolvedOptions } from '../../engine/contract/task-kind.ts';
import { describedModel } from '../../vision/models/catalogue.ts';
import { recipeProblem, resolveRecipe, type RecipeOverrides } from '../../vision/training/resolve-recipe.ts';
import { epochsOf, type EpochOptions } from './epochs.ts';

/**
 * Puts a recipe's content in place of its name, so that a key holds what was done. A checkpoint without a named recipe
 * keeps only the fields that were given: the rest stands in the checkpoint itself, whose digest the key holds.
 */
export function resolveTrain(options: JsonObject): ResolvedOptions {
  const { name, ...given } = options['recipe'] as JsonObject;
  const overrides = given as RecipeOverrides;
  const model = options['model'];
  const start = name ?? (typeof model === 'string' ? describedModel(model)?.recipe : undefined);
  const problem = recipeProblem(overrides);
  if (problem !== undefined) return invalid(problem);
  if (typeof start !== 'string') return checked(options, overrides);
  const resolved = resolveRecipe(start, overrides);
  if (resolved.kind === 'unknown-recipe')
    return {
      kind: 'invalid',
      path: ['recipe', 'name'],
      message: `there is no recipe '${start}'`,
      hint: `the recipes are ${resolved.known.join(', ')}`,
    };
  return checked(options, resolved.recipe);
}

function checked(options: JsonObject, recipe: RecipeOverrides): ResolvedOptions {
  const problem = recipeProblem(recipe);
  if (problem !== undefined) return invalid(problem);
  if (recipe.epochs !== undefined) {
    const epochs = epochsOf(options as unknown as EpochOptions, recipe.epochs);
    if (epochs.kind === 'invalid') return { kind: 'invalid', path: [epochs.field], message: epochs.message };
  }
  return { kind: 'resolved', options: { ...options, recipe: recipe as unknown as JsonObject } };
}

function invalid({ field, message }: NonNullable<ReturnType<typeof recipeProblem>>): ResolvedOptions {
  return { kind: 'invalid', path: ['recipe', field], message };
}
