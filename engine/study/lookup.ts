import type { Tuple } from './axis.ts';
import type { Chain } from './chains.ts';
import type { Declaration, GroupDeclaration, LeafDeclaration, Scope } from './declaration.ts';
import type { Evaluation, Lookup } from './evaluate.ts';
import { evaluateNode } from './evaluate.ts';
import type { Expanded } from './instance.ts';
import { coordinatesOf } from './instance.ts';
import type { Target } from './names.ts';
import { resolveChain } from './names.ts';
import { suggest } from './nearest.ts';
import type { Reference } from './reference.ts';
import { isReference } from './reference.ts';
import type { Span } from './source.ts';
import { checkFields, paramValue } from './static-lookup.ts';
import type { UseFinder } from './uses.ts';
import type { Failed, Value } from './value.ts';
import { describeValue, failed } from './value.ts';

/** Whose expressions are read, and where it stands. */
export interface Frame {
  readonly owner: Declaration;
  readonly previousFrom: GroupDeclaration | undefined;
  readonly tuple: Tuple;
}

export interface LookupContext {
  readonly base: Omit<Evaluation, 'lookup'>;
  readonly finder: UseFinder;
  readonly expanded: Expanded;
}

/** Evaluation of one instance's expressions: chains become values, references, lists of references. */
export function evaluationFor(context: LookupContext, frame: Frame): Evaluation {
  const lookup: Lookup = (chain, scope, spanOf) => {
    const resolution = resolveChain(chain, { scope, owner: frame.owner, previousFrom: frame.previousFrom });
    // Names were checked before anything was expanded.
    if (resolution.kind === 'unresolved') return failed;
    const { target, used } = resolution;
    const value = valueOfTarget(target, { context, frame, chain, used, spanOf });
    return value === failed ? failed : checkFields(chain, { value, used }, context.base, spanOf);
  };
  return { ...context.base, lookup };
}

interface Site {
  readonly context: LookupContext;
  readonly frame: Frame;
  readonly chain: Chain;
  readonly used: number;
  readonly spanOf: (first: number, last: number) => Span;
}

function valueOfTarget(target: Target, site: Site): Value | Failed {
  const { context, frame } = site;
  const { expanded } = context;
  switch (target.kind) {
    case 'param': {
      const { bound } = target.param;
      return paramValue(target.param, (node, scope: Scope) => {
        const owner = bound.kind === 'outer' ? bound.group() : frame.owner;
        const previousFrom = owner.kind === 'group' ? owner : owner.parent;
        return evaluateNode(node, scope, evaluationFor(context, { ...frame, owner, previousFrom }));
      });
    }
    case 'data':
      return target.data.reference;
    case 'coordinate':
      for (const [axis, value] of frame.tuple) if (axis.name === target.axis) return value;
      return failed;
    case 'member':
      return memberField(target.owner, target.field, site);
    case 'previous':
      return previousOf(target.group, site);
    case 'output': {
      if (expanded.broken.has(target.task)) return failed;
      const instance = expanded.instances(target.task).at(frame.tuple);
      if (instance === undefined) return leftOut(target.task, site);
      return outputOf(instance.outputs, target.output, target.task.name, site);
    }
    case 'members':
      if (expanded.broken.has(target.pool)) return failed;
      return expanded.pools(target.pool).at(frame.tuple)?.members ?? leftOut(target.pool, site);
    case 'gather': {
      if (expanded.broken.has(target.task)) return failed;
      const found: Reference[] = [];
      for (const instance of expanded.instances(target.task).matching(frame.tuple)) {
        const reference = outputOf(instance.outputs, target.output, target.task.name, site);
        if (reference === failed) return failed;
        found.push(reference);
      }
      return found;
    }
    case 'gather-members':
      if (expanded.broken.has(target.pool)) return failed;
      return expanded
        .pools(target.pool)
        .matching(frame.tuple)
        .flatMap((pool) => pool.members);
  }
}

function outputOf(
  outputs: ReadonlyMap<string, Reference>,
  output: string,
  task: string,
  { context, spanOf, used }: Site,
): Reference | Failed {
  const reference = outputs.get(output);
  if (reference !== undefined) return reference;
  context.base.findings.report({
    code: 'unknown-output',
    span: spanOf(used - 1, used - 1),
    message: `'${task}' has no output '${output}'`,
    hint: suggest(output, outputs.keys()),
  });
  return failed;
}

function leftOut(leaf: LeafDeclaration, { context, frame, spanOf, used }: Site): Failed {
  const place = Object.entries(coordinatesOf(frame.tuple, [...frame.tuple.keys()]))
    .map(([axis, value]) => `${axis}=${value}`)
    .join(',');
  context.base.findings.report({
    code: 'left-out',
    span: spanOf(0, used - 1),
    message: `'${leaf.name}' has no instance${place === '' ? '' : ` at ${place}`}: it is left out there`,
    hint: `give '${frame.owner.name}' the same \`if\`; \`each\` and \`all\` pass over what is left out`,
    related: [{ span: leaf.key, note: `'${leaf.name}' is declared here` }],
  });
  return failed;
}

/** `member.OUTPUT` of a task, `member.model`, `member.index` and facts of a pool's member; and coordinates of both. */
function memberField(owner: Declaration, field: string, site: Site): Value | Failed {
  const { context, frame, spanOf, chain } = site;
  const uses = owner.kind === 'group' ? context.finder.ofGroup(owner) : context.finder.ofLeaf(owner);
  const walked = uses.each?.declaration;
  if (walked === undefined || walked.kind === 'group' || context.expanded.broken.has(walked)) return failed;
  const fields = new Map<string, Value>();
  if (walked.kind === 'pool') {
    const member = context.expanded.members(walked).at(frame.tuple);
    if (member === undefined) return failed;
    const { model, index } = member;
    for (const [name, value] of Object.entries(model.coordinates)) fields.set(name, value);
    for (const [name, value] of Object.entries(model.facts)) fields.set(name, value);
    fields.set(model.output, model).set('model', model).set('index', index).set(walked.axis.name, index);
  } else {
    const instance = context.expanded.instances(walked).at(frame.tuple);
    if (instance === undefined) return failed;
    for (const [name, value] of Object.entries(instance.task.coordinates)) fields.set(name, value);
    for (const [name, value] of instance.outputs) fields.set(name, value);
  }
  const value = fields.get(field);
  if (value !== undefined) return value;
  if (chain.lenient) return null;
  context.base.findings.report({
    code: 'unknown-field',
    span: spanOf(1, 1),
    message: `a member of '${walked.name}' has no '${field}'`,
    hint: suggest(field, fields.keys()),
  });
  return failed;
}

/** What the group starts from, then the last round's `to`. */
function previousOf(group: GroupDeclaration, site: Site): Value | Failed {
  const { context, frame } = site;
  const { axis, from, to } = group.repeat!;
  const step = frame.tuple.get(axis);
  if (typeof step !== 'number') return failed;
  const first = step === 1;
  const node = first ? from : to;
  if (node === undefined) return failed;
  const evaluation = evaluationFor(context, {
    owner: group,
    previousFrom: first ? group.parent : group,
    tuple: first ? frame.tuple : new Map([...frame.tuple, [axis, step - 1]]),
  });
  const value = evaluateNode(node, first ? group.scope : group.inner, evaluation);
  if (value === failed || isReference(value)) return value;
  context.base.findings.report({
    code: 'wrong-type',
    span: node.span,
    message: `'${first ? 'from' : 'to'}' has to be a reference to an output, and this is ${describeValue(value)}`,
    hint: 'write "${{ task.output }}"',
  });
  return failed;
}
