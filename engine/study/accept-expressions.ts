import type { Json, JsonObject } from '../../cache/json.ts';
import type { JsonSchema } from '../contract/json-schema.ts';

/** A string with an expression in it may stand for a value of any type. */
export const expressionSchema: JsonSchema = {
  type: 'string',
  pattern: '\\$\\{\\{',
  description: 'an expression: "${{ … }}"',
};

const expressionRef: JsonSchema = { $ref: '#/$defs/expression' };

/** The schema of what a person may write where a value of `schema` is expected: that, or an expression, at every level. */
export function acceptExpressions(schema: JsonSchema): JsonSchema {
  const inner = acceptInside(schema);
  if (takesAnyText(schema)) return inner;
  const { default: fallback, ...rest } = inner;
  const { description } = rest;
  return {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
    anyOf: [rest, expressionRef],
  };
}

/** Expressions in the parts of a value, not in place of it. What is required may also come from `defaults`. */
export function acceptInside(schema: JsonSchema): JsonSchema {
  const entries = Object.entries(schema).flatMap(([keyword, value]): readonly [string, Json][] => {
    switch (keyword) {
      case 'properties':
      case 'patternProperties':
      case '$defs':
        return [[keyword, isObject(value) ? mapValues(value, acceptPart) : value]];
      case 'items':
      case 'additionalProperties':
        return [[keyword, acceptPart(value)]];
      case 'prefixItems':
        return [[keyword, Array.isArray(value) ? value.map(acceptPart) : value]];
      // With expressions in it a value may fit two alternatives until it is evaluated.
      case 'oneOf':
      case 'anyOf':
        return [['anyOf', Array.isArray(value) ? value.map(acceptBranch) : value]];
      case 'allOf':
        return [[keyword, Array.isArray(value) ? value.map(acceptBranch) : value]];
      case 'then':
      case 'else':
        return [[keyword, acceptBranch(value)]];
      case 'required':
        return [];
      default:
        return [[keyword, value]];
    }
  });
  return Object.fromEntries(entries);
}

function acceptPart(value: Json): Json {
  return isObject(value) ? acceptExpressions(value) : value;
}

function acceptBranch(value: Json): Json {
  return isObject(value) ? acceptInside(value) : value;
}

function takesAnyText(schema: JsonSchema): boolean {
  if (Object.keys(schema).length === 0) return true;
  const { type } = schema;
  const text = type === 'string' || (Array.isArray(type) && type.includes('string'));
  return text && !['enum', 'const', 'pattern', 'maxLength', 'minLength'].some((keyword) => keyword in schema);
}

function mapValues(object: JsonObject, change: (value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
