import type { Declaration, GroupDeclaration, LeafDeclaration, Name, Scope } from './declaration.ts';
import { bareExpression, placer, reportProblem } from './evaluate.ts';
import type { ExpressionCompiler } from './expression.ts';
import { mayHoldExpression } from './expression-text.ts';
import type { Findings } from './findings.ts';
import type { Located } from './located.ts';
import { valueOf } from './located.ts';
import type { Target, Viewpoint } from './names.ts';
import { findDeclaration, resolveChain } from './names.ts';
import type { Span } from './source.ts';

/** One reference of a declaration to something else, found without evaluating. */
export interface Use {
  readonly target: Target;
  readonly span: Span;
  readonly from: Viewpoint;
}

/** A task named outright: by `each` or `needs`. */
export interface NamedUse {
  readonly declaration: Declaration;
  readonly span: Span;
}

export interface DeclarationUses {
  readonly uses: readonly Use[];
  readonly each: NamedUse | undefined;
  readonly needs: readonly NamedUse[];
}

export interface GroupUses extends DeclarationUses {
  readonly from: readonly Use[];
  readonly to: readonly Use[];
  readonly until: readonly Use[];
}

/** Finds what every declaration refers to, and reports names that lead nowhere. Each place is read once. */
export class UseFinder {
  readonly #compiler: ExpressionCompiler;
  readonly #findings: Findings;
  readonly #leaves = new Map<LeafDeclaration, DeclarationUses>();
  readonly #groups = new Map<GroupDeclaration, GroupUses>();
  readonly #params = new Map<Located, readonly Use[]>();

  constructor(compiler: ExpressionCompiler, findings: Findings) {
    this.#compiler = compiler;
    this.#findings = findings;
  }

  ofLeaf(leaf: LeafDeclaration): DeclarationUses {
    const known = this.#leaves.get(leaf);
    if (known !== undefined) return known;
    const from: Viewpoint = { scope: leaf.scope, owner: leaf, previousFrom: leaf.parent };
    const uses = [...this.#bare(leaf.condition, from)];
    if (leaf.kind === 'pool') uses.push(...this.#node(leaf.models, from));
    else {
      for (const layered of [leaf.with, leaf.resources]) {
        for (const under of layered.entries.values()) {
          // Of several layers, one that is covered may refer to something too.
          if (under.layers.length === 1 && under.constant !== undefined) continue;
          for (const { node, scope } of under.layers) this.#gather(node, { ...from, scope }, uses);
        }
      }
      for (const field of ['retries', 'timeout', 'stall', 'keep']) {
        this.#gather(valueOf(leaf.node, field), from, uses);
      }
    }
    const needs = leaf.kind === 'task' ? this.#named(leaf.needs, leaf.scope) : [];
    const found = { uses, each: this.#each(leaf), needs };
    this.#leaves.set(leaf, found);
    return found;
  }

  ofGroup(group: GroupDeclaration): GroupUses {
    const known = this.#groups.get(group);
    if (known !== undefined) return known;
    const { repeat } = group;
    const outside: Viewpoint = { scope: group.scope, owner: group, previousFrom: group.parent };
    const inside: Viewpoint = { scope: group.inner, owner: group, previousFrom: group };
    const found = {
      uses: [...this.#bare(group.condition, outside), ...this.#bare(repeat?.times, outside)],
      from: this.#node(repeat?.from, outside),
      to: this.#node(repeat?.to, inside),
      until: this.#bare(repeat?.until, inside),
      each: this.#each(group),
      needs: this.#named(group.needs, group.scope),
    };
    this.#groups.set(group, found);
    return found;
  }

  #each(declaration: Declaration): NamedUse | undefined {
    const { each } = declaration;
    if (each === undefined) return undefined;
    const named = this.#name(each, declaration.scope);
    if (named?.declaration.kind !== 'group') return named;
    this.#findings.report({
      code: 'bad-each',
      span: each.span,
      message: `'${each.text}' is a group: say which of its tasks`,
      hint: `for example ${each.text}.${[...named.declaration.inner.tasks.keys()][0] ?? 'TASK'}`,
    });
    return undefined;
  }

  #named(names: readonly Name[], scope: Scope): readonly NamedUse[] {
    return names.flatMap((name) => this.#name(name, scope) ?? []);
  }

  #name(name: Name, scope: Scope): NamedUse | undefined {
    const written = mayHoldExpression(name.text) ? bareExpression(name.text).text : name.text;
    const steps = written.split(/[./]/);
    const found = findDeclaration(steps, 0, scope);
    if (found.kind === 'unresolved') {
      const { code, message, hint, isEcho } = found;
      if (!isEcho) this.#findings.report({ code, message, hint, span: name.span });
      return undefined;
    }
    if (found.next < steps.length || written !== name.text) {
      this.#findings.report({
        code: 'bad-name',
        span: name.span,
        message: `'${name.text}' is not the name of a task`,
        hint: `write ${steps.slice(0, found.next).join('.')}`,
      });
      return undefined;
    }
    return { declaration: found.declaration, span: name.span };
  }

  #bare(node: Located | undefined, from: Viewpoint): readonly Use[] {
    if (node?.kind !== 'scalar' || typeof node.value !== 'string') return [];
    const { text, offset } = bareExpression(node.value);
    return this.#expression(text, placer(node, offset), from);
  }

  #node(node: Located | undefined, from: Viewpoint): readonly Use[] {
    const uses: Use[] = [];
    this.#gather(node, from, uses);
    return uses;
  }

  #gather(node: Located | undefined, from: Viewpoint, uses: Use[]): void {
    switch (node?.kind) {
      case undefined:
        return;
      case 'list':
        for (const item of node.items) this.#gather(item, from, uses);
        return;
      case 'map':
        for (const { value } of node.entries.values()) this.#gather(value, from, uses);
        return;
      case 'scalar':
        if (!mayHoldExpression(node.value)) return;
        for (const piece of this.#compiler.split(node.value)) {
          if (piece.kind !== 'expression') continue;
          const { text, offset } = piece.expression;
          uses.push(...this.#expression(text, placer(node, offset), from));
        }
    }
  }

  #expression(text: string, spanOf: (start: number, end: number) => Span, from: Viewpoint): readonly Use[] {
    const compiled = this.#compiler.compile(text);
    if (compiled.kind === 'problem') {
      reportProblem(compiled, spanOf, this.#findings);
      return [];
    }
    return compiled.chains.flatMap((chain) => {
      const { segments } = chain;
      const resolution = resolveChain(chain, from);
      if (resolution.kind === 'unresolved') {
        const { code, message, hint, segment, isEcho } = resolution;
        const wrong = segments[segment]!;
        if (!isEcho) this.#findings.report({ code, message, hint, span: spanOf(wrong.start, wrong.end) });
        return [];
      }
      const { target, used } = resolution;
      const span = spanOf(segments[0]!.start, segments[used - 1]!.end);
      return [{ target, span, from }, ...this.#behindParam(target)];
    });
  }

  /** What a template's param stands for belongs to whoever reads the param. */
  #behindParam(target: Target): readonly Use[] {
    if (target.kind !== 'param' || target.param.bound.kind === 'value') return [];
    const { node, scope, group } = target.param.bound;
    const known = this.#params.get(node);
    if (known !== undefined) return known;
    this.#params.set(node, []);
    const owner = group();
    const uses = this.#node(node, { scope, owner, previousFrom: owner });
    this.#params.set(node, uses);
    return uses;
  }
}

/** The leaves that a use waits for. `previous` waits for what the group starts from. */
export function leavesBehind(use: Use): readonly LeafDeclaration[] {
  const { target } = use;
  switch (target.kind) {
    case 'output':
    case 'gather':
      return [target.task];
    case 'members':
    case 'gather-members':
      return [target.pool];
    case 'param':
    case 'coordinate':
    case 'data':
    case 'member':
    case 'previous':
      return [];
  }
}
