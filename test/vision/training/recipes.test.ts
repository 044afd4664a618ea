import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { recipeSchema } from '../../../tasks/train/recipe-schema.ts';
import { modelNames, describedModel } from '../../../vision/models/catalogue.ts';
import { completed, shortened } from '../../../vision/training/recipe-defaults.ts';
import { recipeNamed, recipes } from '../../../vision/training/recipes.ts';
import { recipeProblem } from '../../../vision/training/resolve-recipe.ts';
import { learningRateAt } from '../../../vision/training/schedule.ts';
import { recipeFiles, recipesModule, recipesModuleText } from '../../support/recipe-files.ts';

describe('recipes', () => {
  it('are what their files say (else: npm run recipes)', async () => {
    expect(recipes).toEqual(recipeFiles());
    expect(readFileSync(recipesModule, 'utf8')).toBe(await recipesModuleText());
  });

  const admits = new Ajv2020({ allowUnionTypes: true }).compile(recipeSchema);

  it.each(Object.keys(recipes))('%s is one that a study could write, in its shortest form', (name) => {
    const recipe = recipeNamed(name)!;
    expect(admits(recipe), JSON.stringify(admits.errors)).toBe(true);
    expect(recipeProblem(recipe)).toBeUndefined();
    expect(shortened(recipe)).toEqual(recipe);
  });

  it('stand by the name that each model gives', () => {
    for (const model of modelNames()) expect(recipeNamed(describedModel(model)!.recipe), model).toBeDefined();
  });

  it("are the paper's: images of a step, and the learning rate's beginning, height and end", () => {
    const rates = (name: string, epochs: readonly number[]) => {
      const recipe = completed(recipeNamed(name)!);
      return {
        step: recipe.batch * recipe.accumulate,
        rates: epochs.map((epoch) => learningRateAt(recipe, epoch)),
      };
    };
    const near = (value: number): unknown => expect.closeTo(value, 12);
    expect(rates('imagenet-resnet', [0, 29, 30, 60, 89])).toEqual({
      step: 256,
      rates: [0.1, 0.1, 0.01, 0.001, 0.001].map(near),
    });
    expect(rates('imagenet-vit', [0, 15, 30, 165])).toEqual({
      step: 4096,
      rates: [0.003 * 0.033, 0.003 * (0.033 + 0.967 / 2), 0.003, 0.0015].map(near),
    });
    expect(rates('imagenet-swin', [0, 20, 160])).toEqual({
      step: 1024,
      rates: [0.001 * 0.01, 0.001, (0.001 + 1e-5) / 2].map(near),
    });
  });
});
