import type { ValidateFunction } from 'ajv/dist/2020.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { JsonSchema } from '../contract/json-schema.ts';

const validators = new WeakMap<JsonSchema, ValidateFunction>();

/** The compiled check of a schema (all errors). Schemas are compared by identity, so a kind's is compiled once. */
export function validatorOf(schema: JsonSchema): ValidateFunction {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  // One instance a schema: two kinds may use the same `$id`s.
  const ajv = new Ajv2020({
    allErrors: true,
    strict: false,
    validateFormats: false,
    logger: false,
    // The schemas are ours and tested: checking them against the meta-schema would cost more than all the rest of a plan.
    meta: false,
    validateSchema: false,
    code: { optimize: false },
    verbose: true,
  });
  const compiled = ajv.compile(schema);
  validators.set(schema, compiled);
  return compiled;
}
