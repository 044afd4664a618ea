// npm run recipes: writes vision/training/recipes/written.ts anew from the YAML files beside it.
import { writeFile } from 'node:fs/promises';
import { recipesModule, recipesModuleText } from './recipe-files.ts';

await writeFile(recipesModule, await recipesModuleText());
