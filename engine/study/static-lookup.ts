import type { Chain } from './chains.ts';
import type { Param } from './declaration.ts';
import type { Evaluation, Found, Lookup } from './evaluate.ts';
import { evaluateNode } from './evaluate.ts';
import { resolveChain } from './names.ts';
import { isDataReference, isReference } from './reference.ts';
import type { Span } from './source.ts';
import { nearest, suggest } from './nearest.ts';
import type { Failed, Value } from './value.ts';
import { failed, isRecord, isAnyReference } from './value.ts';

/** Reads params and data only: what axes and data sets may depend on. */
export function lookupStatic(base: Omit<Evaluation, 'lookup'>): Lookup {
  const lookup: Lookup = (chain, scope, spanOf) => {
    const resolution = resolveChain(chain, { scope, owner: undefined, previousFrom: undefined });
    if (resolution.kind === 'unresolved') {
      const { code, message, hint, segment, isEcho } = resolution;
      if (!isEcho) base.findings.report({ code, message, hint, span: spanOf(segment, segment) });
      return failed;
    }
    const { target, used } = resolution;
    if (target.kind !== 'param' && target.kind !== 'data') return failed;
    const value =
      target.kind === 'data'
        ? target.data.reference
        : paramValue(target.param, (node, inner) => evaluateNode(node, inner, { ...base, lookup }));
    if (value === failed) return failed;
    return checkFields(chain, { value, used }, base, spanOf);
  };
  return lookup;
}

export function paramValue(
  { bound }: Param,
  evaluateOuter: (
    node: Extract<Param['bound'], { kind: 'outer' }>['node'],
    scope: Extract<Param['bound'], { kind: 'outer' }>['scope'],
  ) => Value | Failed,
): Value | Failed {
  return bound.kind === 'value' ? bound.value : evaluateOuter(bound.node, bound.scope);
}

/** Whether the rest of a chain is there; says what there is, which CEL's own error would not. */
export function checkFields(
  chain: Chain,
  found: Found,
  { findings }: Pick<Evaluation, 'findings'>,
  spanOf: (first: number, last: number) => Span,
): Found | Failed {
  const { value, used } = found;
  const field = chain.segments[used]?.name;
  if (field === undefined || chain.lenient) return found;
  const known = fieldsOf(value);
  if (known === undefined || known.includes(field)) return found;
  const name = chain.segments
    .slice(0, used)
    .map((segment) => segment.name)
    .join('.');
  findings.report({
    code: isAnyReference(value) && !isDataReference(value) ? 'unknown-fact' : 'unknown-field',
    span: spanOf(used, used),
    message: messageFor(value, name, field),
    hint:
      isReference(value) && nearest(field, known) === undefined
        ? `${known.length === 0 ? 'it promises none' : `it promises ${known.join(', ')}`}; to repeat a known number of rounds, use \`times\``
        : suggest(field, known),
  });
  return failed;
}

function fieldsOf(value: Value): readonly string[] | undefined {
  if (isAnyReference(value)) return [...value.keys()];
  return isRecord(value) ? Object.keys(value) : undefined;
}

function messageFor(value: Value, name: string, field: string): string {
  if (isDataReference(value)) return `data set '${value.data}' has no '${field}'`;
  if (isAnyReference(value)) return `nothing promises a fact '${field}' of '${name}' before the task has run`;
  return `'${name}' has no '${field}'`;
}
