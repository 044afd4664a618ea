import { join } from 'node:path';
import { repositoryRoot } from './shared.ts';

export const schemaFile: string = join(repositoryRoot, 'docs/json-output.schema.json');
