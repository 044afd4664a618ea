import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { schemaFile } from '../support/json-output-schema-file.ts';
import { schemaText } from '../support/json-output-schema.ts';
import { printedJsonProblem } from '../support/printed-json.ts';
import { repositoryRoot } from '../support/shared.ts';
import { cached, started } from './run-events.ts';

describe('the schema of what --json prints', () => {
  it('is that of the types: after a change, npm run json-schema (and see what docs/json-output.md promises)', async () => {
    expect(await readFile(schemaFile, 'utf8')).toBe(await schemaText());
  });

  it('tells a right line from a wrong one, and knows no field that it does not name', () => {
    expect(printedJsonProblem('RunLine', cached('make'))).toBeUndefined();
    expect(printedJsonProblem('RunLine', { ...started('make'), pid: 'seven' })).toContain('is no RunLine');
    expect(printedJsonProblem('RunLine', { ...started('make'), colour: 'red' })).toContain('is no RunLine');
    expect(printedJsonProblem('RunLine', { kind: 'task-exploded' })).toContain('is no RunLine');
  });

  it('is explained: every kind and every field has its place in docs/json-output.md', async () => {
    const text = await readFile(join(repositoryRoot, 'docs/json-output.md'), 'utf8');
    const words = namesIn(JSON.parse(await readFile(schemaFile, 'utf8')));
    expect(words.size).toBeGreaterThan(40);
    expect([...words].filter((word) => !text.includes(`\`${word}\``))).toEqual([]);
  });
});

/** Names of fields, and values of `kind` and `class`. */
function namesIn(schema: unknown): Set<string> {
  const found = new Set<string>();
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value as Record<string, unknown>)) {
      if (name === 'properties') {
        for (const [field, type] of Object.entries(inner as Record<string, { readonly const?: unknown }>)) {
          found.add(field);
          if ((field === 'kind' || field === 'class') && typeof type.const === 'string')
            found.add(type.const);
        }
      }
      look(inner);
    }
  };
  look(schema);
  return found;
}
