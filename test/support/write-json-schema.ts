// npm run json-schema: writes docs/json-output.schema.json anew from the types.
import { writeFile } from 'node:fs/promises';
import { schemaFile } from './json-output-schema-file.ts';
import { schemaText } from './json-output-schema.ts';

await writeFile(schemaFile, await schemaText());
