import type { JsonSchema } from '../contract/json-schema.ts';
import type { Registry } from '../contract/registry.ts';
import type { Findings } from './findings.ts';
import type { ParsedFiles } from './load-sources.ts';
import { toJson } from './located.ts';
import { studySchema } from './schema.ts';
import { reportSchemaErrors } from './schema-errors.ts';

const schemas = new WeakMap<Registry, JsonSchema>();

/** Checks every file of a study against the generated schema. Each error is reported where it stands. */
export function validateFiles(files: ParsedFiles, registry: Registry, findings: Findings): void {
  let schema = schemas.get(registry);
  if (schema === undefined) {
    schema = studySchema(registry);
    schemas.set(registry, schema);
  }
  for (const file of files.values()) {
    if (file === undefined) continue;
    const { tree, source } = file;
    reportSchemaErrors({
      schema,
      value: toJson(tree),
      nodes: [tree],
      findings,
      fallback: { source, start: 0, end: 1 },
    });
  }
}
