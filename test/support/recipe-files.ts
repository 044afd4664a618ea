import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { parse } from 'yaml';
import { repositoryRoot } from './shared.ts';

const folder = join(repositoryRoot, 'vision/training/recipes');
export const recipesModule: string = join(folder, 'written.ts');

/** What each of `vision/training/recipes/*.yaml` says, by the file's name. */
export function recipeFiles(): { readonly [name: string]: unknown } {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const names = files.map((file) => basename(file, '.yaml')).sort();
  return Object.fromEntries(
    names.map((name) => [name, parse(readFileSync(join(folder, `${name}.yaml`), 'utf8')) as unknown]),
  );
}

/** The module that makes them part of the program, so that a plan reads no files and a kind's fingerprint sees them. */
export async function recipesModuleText(): Promise<string> {
  const text = `import type { WrittenRecipe } from '../recipe-defaults.ts';

/** Recipes by name, from the files beside this one: \`npm run recipes\` writes it anew. */
export const recipes: { readonly [name: string]: WrittenRecipe } = ${JSON.stringify(recipeFiles(), undefined, 2)};
`;
  return format(text, { ...(await resolveConfig(recipesModule)), parser: 'typescript' });
}
