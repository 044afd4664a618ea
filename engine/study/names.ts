import type { Chain } from './chains.ts';
import type {
  DataDeclaration,
  Declaration,
  GroupDeclaration,
  LeafDeclaration,
  Param,
  PoolDeclaration,
  Scope,
  TaskDeclaration,
} from './declaration.ts';
import { studyRoots } from './expression.ts';
import { suggest } from './nearest.ts';

/** From where an expression is read. */
export interface Viewpoint {
  readonly scope: Scope;
  /** Whose coordinates are meant; undefined for what has to be known before any task is (`data`, `matrix`). */
  readonly owner: Declaration | undefined;
  /** The innermost group whose `previous` it may mean. */
  readonly previousFrom: GroupDeclaration | undefined;
}

/** What a chain's first segments mean; what follows is read off the value. */
export type Target =
  | { readonly kind: 'param'; readonly param: Param }
  | { readonly kind: 'coordinate'; readonly axis: string }
  | { readonly kind: 'data'; readonly data: DataDeclaration }
  | { readonly kind: 'member'; readonly owner: Declaration; readonly field: string }
  | { readonly kind: 'previous'; readonly group: GroupDeclaration }
  | { readonly kind: 'output'; readonly task: TaskDeclaration; readonly output: string }
  | { readonly kind: 'members'; readonly pool: PoolDeclaration }
  | { readonly kind: 'gather'; readonly task: TaskDeclaration; readonly output: string }
  | { readonly kind: 'gather-members'; readonly pool: PoolDeclaration };

export type Resolution =
  { readonly kind: 'resolved'; readonly target: Target; readonly used: number } | Unresolved;

export interface Unresolved {
  readonly kind: 'unresolved';
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  /** Which segment is wrong. */
  readonly segment: number;
  /** It follows from something that has been reported already. */
  readonly isEcho: boolean;
}

export function resolveChain(chain: Chain, from: Viewpoint): Resolution {
  const names = chain.segments.map((segment) => segment.name);
  const [root, second] = names as [string, string | undefined];
  const { file } = from.scope;
  if (studyRoots.has(root) && root !== 'previous' && second === undefined) {
    return unresolved('incomplete-reference', `'${root}' alone means nothing here`, 0, `write ${root}.NAME`);
  }
  switch (root) {
    case 'params': {
      const param = file.params.get(second!);
      if (param !== undefined) return { kind: 'resolved', target: { kind: 'param', param }, used: 2 };
      return unresolved(
        'unknown-param',
        `no parameter '${second!}'`,
        1,
        suggest(second!, file.params.keys()),
      );
    }
    case 'data': {
      const data = file.data.get(second!);
      if (data !== undefined) return { kind: 'resolved', target: { kind: 'data', data }, used: 2 };
      if (file.unusableData.has(second!)) return echo(1);
      return unresolved('unknown-data', `no data set '${second!}'`, 1, suggest(second!, file.data.keys()));
    }
  }
  if (from.owner === undefined) {
    return unresolved(
      'not-static',
      `'${names.join('.')}' is not known yet here`,
      0,
      'axes and data sets may use params and data only',
    );
  }
  switch (root) {
    case 'matrix':
      return { kind: 'resolved', target: { kind: 'coordinate', axis: second! }, used: 2 };
    case 'member': {
      const owner = nearestEach(from.owner);
      if (owner === undefined) {
        return unresolved(
          'no-member',
          "'member' has a meaning only under 'each'",
          0,
          'add `each: TASK` to the task',
        );
      }
      return { kind: 'resolved', target: { kind: 'member', owner, field: second! }, used: 2 };
    }
    case 'previous': {
      const group = nearestRepeat(from.previousFrom);
      if (group === undefined) {
        return unresolved('no-previous', "'previous' has a meaning only inside a group with 'repeat'", 0);
      }
      return { kind: 'resolved', target: { kind: 'previous', group }, used: 1 };
    }
    case 'all':
      return taskChain(names, 1, from.scope, true);
    default:
      return taskChain(names, 0, from.scope, false);
  }
}

function taskChain(names: readonly string[], first: number, scope: Scope, gathered: boolean): Resolution {
  const found = findDeclaration(names, first, scope);
  if (found.kind === 'unresolved') return found;
  const { declaration, next } = found;
  const name = names.slice(first, next).join('.');
  const field = names[next];
  switch (declaration.kind) {
    case 'group':
      return unresolved(
        'incomplete-reference',
        `'${name}' is a group: say which of its tasks`,
        next - 1,
        suggest(field ?? '', declaration.inner.tasks.keys()),
      );
    case 'pool':
      if (field === undefined || gathered) {
        const kind = gathered ? 'gather-members' : 'members';
        return { kind: 'resolved', target: { kind, pool: declaration }, used: next };
      }
      return unresolved(
        'mixed-axes',
        `'${name}' is a pool: its members stand on an axis of their own`,
        next,
        `take it up with \`each: ${name}\` and \`member.${field}\``,
      );
    case 'task': {
      const outputs = declaration.task.outputs;
      const known = typeof outputs === 'function' ? undefined : Object.keys(outputs);
      if (field === undefined) {
        const example = known?.[0] === undefined ? 'OUTPUT' : known[0];
        return unresolved(
          'incomplete-reference',
          `'${name}' is a task: say which output`,
          next - 1,
          `write ${names.join('.')}.${example}`,
        );
      }
      if (known !== undefined && !known.includes(field)) {
        return unresolved(
          'unknown-output',
          `'${name}' (${declaration.task.kind}) has no output '${field}'`,
          next,
          suggest(field, known),
        );
      }
      const kind = gathered ? 'gather' : 'output';
      return { kind: 'resolved', target: { kind, task: declaration, output: field }, used: next + 1 };
    }
  }
}

export type FoundDeclaration =
  { readonly kind: 'found'; readonly declaration: Declaration; readonly next: number } | Unresolved;

/** Follows a dotted name through groups, from the innermost scope outwards. */
export function findDeclaration(names: readonly string[], first: number, scope: Scope): FoundDeclaration {
  const head = names[first]!;
  let declaration: Declaration | undefined;
  for (let at: Scope | undefined = scope; at !== undefined && declaration === undefined; at = at.outer) {
    declaration = at.tasks.get(head);
  }
  if (declaration === undefined) {
    for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
      if (at.unusable.has(head)) return echo(first);
    }
    const visible = visibleNames(scope);
    const hint = suggest(head, first === 0 ? [...visible, ...studyRoots] : visible);
    return unresolved('unknown-task', `no task '${head}'`, first, hint);
  }
  let next = first + 1;
  while (declaration.kind === 'group' && next < names.length) {
    const inner: Declaration | undefined = declaration.inner.tasks.get(names[next]!);
    if (inner === undefined) {
      if (declaration.inner.unusable.has(names[next]!)) return echo(next);
      return unresolved(
        'unknown-task',
        `no task '${names[next]!}' in '${declaration.name}'`,
        next,
        suggest(names[next]!, declaration.inner.tasks.keys()),
      );
    }
    declaration = inner;
    next++;
  }
  return { kind: 'found', declaration, next };
}

function visibleNames(scope: Scope): readonly string[] {
  const names: string[] = [];
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) names.push(...at.tasks.keys());
  // Looking for what was meant must not become slow where everything is wrong.
  return names.slice(0, 300);
}

/** Every leaf of a group, in the file's order; a leaf itself. */
export function leavesOf(declaration: Declaration): readonly LeafDeclaration[] {
  if (declaration.kind !== 'group') return [declaration];
  return [...declaration.inner.tasks.values()].flatMap(leavesOf);
}

/** The declaration whose `each` gives `member` its meaning. A template does not see its user's. */
function nearestEach(owner: Declaration): Declaration | undefined {
  for (let at: Declaration | undefined = owner; at !== undefined; at = at.parent) {
    if (at !== owner && at.kind === 'group' && at.template) return undefined;
    if (at.each !== undefined) return at;
  }
  return undefined;
}

function nearestRepeat(from: GroupDeclaration | undefined): GroupDeclaration | undefined {
  for (let at = from; at !== undefined; at = at.parent) {
    if (at.repeat !== undefined) return at;
    if (at.template) return undefined;
  }
  return undefined;
}

function unresolved(code: string, message: string, segment: number, hint?: string): Unresolved {
  return { kind: 'unresolved', code, message, segment, hint, isEcho: false };
}

function echo(segment: number): Unresolved {
  return { ...unresolved('unusable', 'what this names is wrong itself', segment), isEcho: true };
}
