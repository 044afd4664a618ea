import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { schemaFile } from './json-output-schema-file.ts';

const validators = new Map<string, ValidateFunction>();

/**
 * What is wrong with a printed value, by the published schema; undefined where it is right. Stricter than the schema: a
 * field that it does not name is wrong, too, so that none goes undocumented.
 */
export function printedJsonProblem(definition: string, value: unknown): string | undefined {
  const validate = validators.get(definition) ?? compile(definition);
  validators.set(definition, validate);
  // What is printed has been through JSON: fields that are undefined are not there.
  if (validate(JSON.parse(JSON.stringify(value)))) return undefined;
  return `${JSON.stringify(value)} is no ${definition}: ${JSON.stringify(validate.errors?.at(-1))}`;
}

function compile(definition: string): ValidateFunction {
  const schema = closed(JSON.parse(readFileSync(schemaFile, 'utf8'))) as { $defs: Record<string, object> };
  const root = schema.$defs[definition];
  if (root === undefined) throw new Error(`the schema has no ${definition}`);
  return new Ajv2020({ strict: false }).compile({ ...root, $defs: schema.$defs });
}

function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([name, value]) => [name, closed(value)] as const);
  const isOpen = 'properties' in schema && 'type' in schema && !('additionalProperties' in schema);
  return { ...Object.fromEntries(entries), ...(isOpen ? { additionalProperties: false } : {}) };
}
