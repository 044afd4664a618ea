import type { Scalar } from '../contract/scalar.ts';
import type { Axis } from './axis.ts';
import { createAxis } from './axis.ts';
import { checkNames } from './check-names.ts';
import type { Scope } from './declaration.ts';
import type { Evaluation } from './evaluate.ts';
import { evaluateNode } from './evaluate.ts';
import type { Findings } from './findings.ts';
import type { Located, LocatedMap } from './located.ts';
import { describeValue, failed, isList } from './value.ts';

/** As long as a file's name may be. */
const longestValue = 255;

export interface AxesRequest {
  readonly kind: 'study' | 'matrix';
  readonly owner: string;
  readonly scope: Scope;
  /** Reads params and data, which is all that an axis may depend on. */
  readonly evaluation: Evaluation;
  readonly findings: Findings;
}

/** The axes of a `matrix`, with their values. */
export function declareAxes(matrix: LocatedMap | undefined, request: AxesRequest): readonly Axis[] {
  const { kind, owner, findings } = request;
  checkNames(matrix?.entries.keys() ?? [], matrix, 'axis', findings);
  return [...(matrix?.entries ?? [])].flatMap(([name, { key, value }]) => {
    if (name.startsWith('x-')) return [];
    return [createAxis({ kind, owner, name, span: key, values: axisValues(name, value, request) })];
  });
}

/** A list of scalars, or an expression that yields one; lists within it are flattened. */
function axisValues(
  name: string,
  node: Located,
  { scope, evaluation, findings }: AxesRequest,
): readonly Scalar[] {
  const wrong = (code: string, message: string, hint: string): readonly Scalar[] => {
    findings.report({ code, span: node.span, message, hint });
    return [];
  };
  const value = evaluateNode(node, scope, evaluation);
  if (value === failed) return [];
  if (!isList(value)) {
    const message = `axis '${name}' has to be a list, and this is ${describeValue(value)}`;
    return wrong('bad-axis', message, `write ${name}: [ … ]`);
  }
  const values: Scalar[] = [];
  const seen = new Set<string>();
  for (const item of value.flatMap((one) => (isList(one) ? one : [one]))) {
    if (typeof item !== 'string' && typeof item !== 'number' && typeof item !== 'boolean') {
      const message = `axis '${name}' takes numbers, texts, true and false, and this is ${describeValue(item)}`;
      return wrong('bad-axis', message, 'name what varies, and look the rest up with an expression');
    }
    if (String(item).length > longestValue) {
      const message = `a value of axis '${name}' has more than ${longestValue} characters`;
      return wrong(
        'bad-axis',
        message,
        'it becomes part of addresses: give it a short name, and look the rest up',
      );
    }
    if (seen.has(String(item))) {
      return wrong(
        'duplicate-value',
        `axis '${name}' has the value ${String(item)} twice`,
        'leave one of them out',
      );
    }
    seen.add(String(item));
    values.push(item);
  }
  if (values.length === 0)
    return wrong('empty-axis', `axis '${name}' has no values`, 'give it one, or leave it out');
  return values;
}
