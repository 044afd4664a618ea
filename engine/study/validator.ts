import { createRequire } from 'node:module';
import type * as Ajv from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import type { Json } from '../../cache/json.ts';
import type { JsonSchema } from '../contract/json-schema.ts';
import type { Check } from './quick-check.ts';
import { quickCheck } from './quick-check.ts';

const checks = new WeakMap<JsonSchema, Check>();
const validators = new WeakMap<JsonSchema, ValidateFunction>();

/** Whether a value fits a schema. Schemas are compared by identity, so a kind's is compiled once. */
export function accepts(schema: JsonSchema, value: Json): boolean {
  return acceptor(schema)(value);
}

/** A schema as a function. */
export function acceptor(schema: JsonSchema): Check {
  let check = checks.get(schema);
  if (check === undefined) {
    check = quickCheck(schema) ?? ((value) => validatorOf(schema)(value));
    checks.set(schema, check);
  }
  return check;
}

/** The full check of a schema, which collects all errors. */
export function validatorOf(schema: JsonSchema): ValidateFunction {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  // Loading it and generating a validator takes longer than planning a thousand tasks; a right study does without.
  const { Ajv2020 } = createRequire(import.meta.url)('ajv/dist/2020.js') as typeof Ajv;
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
