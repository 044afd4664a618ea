import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Json, JsonObject } from '../../../cache/json.ts';
import { registry } from '../../../cli/registry.ts';
import { quickCheck } from '../../../engine/study/quick-check.ts';
import { studySchema } from '../../../engine/study/schema.ts';
import { validatorOf } from '../../../engine/study/validator.ts';

const study = studySchema(registry);
const schemas = [
  study,
  ...registry.kinds.map((one) => one.options),
  ...registry.adapters.map((one) => one.options),
];

describe('the quick check', () => {
  it('knows every keyword of the schemas in use', () => {
    for (const schema of schemas) expect(quickCheck(schema)).toBeDefined();
  });

  it('does not judge by a keyword that it does not know', () => {
    expect(quickCheck({ type: 'number', multipleOf: 2 })).toBeUndefined();
    expect(quickCheck({ items: { anyOf: [{ not: {} }] } })).toBeUndefined();
    expect(quickCheck({ $ref: 'elsewhere.json' })).toBeUndefined();
  });

  it('says of any value what the validator says', () => {
    fc.assert(
      fc.property(schema, fc.array(value, { minLength: 1, maxLength: 20 }), (one, values) => {
        const check = quickCheck(one)!;
        for (const each of values) {
          const answer = validatorsAnswer(one, each);
          if (answer !== 'none') expect(check(each), JSON.stringify(each)).toBe(answer);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('says of studies with a mistake in them what the validator says', () => {
    const folder = new URL('../../../workflows/', import.meta.url);
    const studies = readdirSync(folder)
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => parse(readFileSync(new URL(name, folder), 'utf8'), { merge: true }) as JsonObject);
    const check = quickCheck(study)!;
    const validate = validatorOf(study);
    for (const right of studies) expect(check(right)).toBe(true);
    const refused = { count: 0 };
    fc.assert(
      fc.property(fc.constantFrom(...studies), fc.infiniteStream(fc.nat()), value, (right, steps, wrong) => {
        const changed = changeSomewhere(right, steps, wrong);
        const answer = check(changed);
        expect(answer).toBe(validate(changed));
        if (!answer) refused.count++;
      }),
      { numRuns: 400 },
    );
    expect(refused.count).toBeGreaterThan(50);
  });
});

/** Of some schemas that nobody would write, ajv 8.20 generates code that trips over itself. */
function validatorsAnswer(one: JsonObject, value: Json): boolean | 'none' {
  try {
    return validatorOf(one)(value);
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return 'none';
  }
}

/** Puts a value in the place of one that a walk from the root leads to, or beside one. */
function changeSomewhere(json: Json, steps: Iterator<number>, wrong: Json): Json {
  const step = Number(steps.next().value);
  if (typeof json !== 'object' || json === null || step % 7 === 0) return wrong;
  if (isList(json)) {
    if (step % 11 === 0 || json.length === 0) return [...json, wrong];
    const at = step % json.length;
    return json.map((item, index) => (index === at ? changeSomewhere(item, steps, wrong) : item));
  }
  const keys = Object.keys(json);
  if (step % 11 === 0 || keys.length === 0) return { ...json, more: wrong };
  const key = keys[step % keys.length]!;
  return { ...json, [key]: changeSomewhere(json[key]!, steps, wrong) };
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

const names = fc.constantFrom('a', 'b', 'x-c', 'dd');
const scalar = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    false,
    0,
    1,
    2,
    -1,
    0.5,
    1e300,
    '',
    'a',
    'b',
    'ab',
    '${{ a }}',
    '😀',
    '😀b',
  ),
  fc.integer({ min: -5, max: 5 }),
);
const value: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

/** Each keyword with what it may say; `inner` makes schemas. */
const keywords = (inner: fc.Arbitrary<JsonObject>): { readonly [keyword: string]: fc.Arbitrary<Json> } => {
  const sub: fc.Arbitrary<Json> = fc.oneof(
    { weight: 5, arbitrary: inner },
    { weight: 1, arbitrary: fc.boolean() },
  );
  const subs = fc.array(sub, { minLength: 1, maxLength: 3 });
  const count = fc.nat({ max: 3 });
  const type = fc.constantFrom('string', 'number', 'integer', 'boolean', 'null', 'array', 'object');
  return {
    type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 })),
    enum: fc.uniqueArray(value, { minLength: 1, maxLength: 4, selector: (one) => JSON.stringify(one) }),
    const: value,
    $ref: fc.constantFrom('#/$defs/text', '#/$defs/nested'),
    allOf: subs,
    anyOf: subs,
    oneOf: subs,
    if: sub,
    then: sub,
    else: sub,
    required: fc.uniqueArray(names, { maxLength: 2 }),
    properties: fc.dictionary(names, sub, { maxKeys: 3, noNullPrototype: true }),
    patternProperties: fc.dictionary(fc.constantFrom('^x-', '^[ab]$'), sub, {
      maxKeys: 2,
      noNullPrototype: true,
    }),
    additionalProperties: sub,
    propertyNames: sub,
    items: sub,
    uniqueItems: fc.boolean(),
    pattern: fc.constantFrom('\\$\\{\\{', '^a', 'b$', '^.$'),
    minimum: fc.integer({ min: -3, max: 3 }),
    maximum: fc.integer({ min: -3, max: 3 }),
    exclusiveMinimum: fc.integer({ min: -3, max: 3 }),
    exclusiveMaximum: fc.integer({ min: -3, max: 3 }),
    minLength: count,
    maxLength: count,
    minItems: count,
    maxItems: count,
    minProperties: count,
    maxProperties: count,
    description: fc.constant('words'),
  };
};

const schema: fc.Arbitrary<JsonObject> = fc
  .letrec<{ schema: JsonObject }>((tie) => ({
    schema: fc.oneof(
      { maxDepth: 3 },
      fc.record({ type: fc.constantFrom('string', 'number', 'object') }, { noNullPrototype: true }),
      fc
        .uniqueArray(fc.constantFrom(...Object.keys(keywords(fc.constant({})))), { maxLength: 4 })
        .chain((chosen) => {
          const all = keywords(tie('schema'));
          return fc.record(Object.fromEntries(chosen.map((keyword) => [keyword, all[keyword]!])), {
            noNullPrototype: true,
          });
        }),
    ),
  }))
  .schema.map((one) => ({
    ...one,
    $defs: {
      text: { type: 'string', minLength: 1 },
      nested: { anyOf: [{ type: 'array', items: { $ref: '#/$defs/nested' } }, { $ref: '#/$defs/text' }] },
    },
  }));
