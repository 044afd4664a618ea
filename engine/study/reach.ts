import type { Axis } from './axis.ts';
import { sortedAxes } from './axis.ts';
import type { Declaration, GroupDeclaration, LeafDeclaration } from './declaration.ts';
import type { Findings } from './findings.ts';
import { suggest } from './nearest.ts';
import type { Unit } from './order.ts';
import type { Use, UseFinder } from './uses.ts';
import { leavesBehind } from './uses.ts';

/** The axes on which a leaf's instances stand, in canonical order. */
export interface Reach {
  readonly axes: readonly Axis[];
  readonly byName: ReadonlyMap<string, Axis>;
  /** What `per` names. */
  readonly per: readonly Axis[];
}

/** Which axes multiply which tasks. Reports references across axes that are neither taken up nor gathered. */
export function findReach(
  units: readonly Unit[],
  finder: UseFinder,
  findings: Findings,
): ReadonlyMap<LeafDeclaration, Reach> {
  const spread = new Spread(finder);
  spread.units(units);
  const reach = new Map<LeafDeclaration, Reach>();
  for (const leaf of leavesIn(units)) {
    const axes = sortedAxes(spread.of(leaf));
    const per = spread.perOf(leaf);
    reach.set(leaf, { axes, byName: new Map(axes.map((axis) => [axis.name, axis])), per });
    for (const [index, axis] of axes.entries()) {
      const twin = axes.slice(index + 1).find((other) => other.name === axis.name);
      if (twin !== undefined) reportClash(leaf, axis, twin, findings);
    }
  }
  for (const leaf of leavesIn(units)) checkUses(leaf, reach, { finder, findings, spread });
  return reach;
}

function* leavesIn(units: readonly Unit[]): Generator<LeafDeclaration> {
  for (const unit of units) {
    if (unit.kind === 'leaf') yield unit.leaf;
    else yield* leavesIn(unit.units);
  }
}

class Spread {
  readonly #finder: UseFinder;
  readonly #axes = new Map<LeafDeclaration, Set<Axis>>();

  constructor(finder: UseFinder) {
    this.#finder = finder;
  }

  of(leaf: LeafDeclaration): ReadonlySet<Axis> {
    return this.#axes.get(leaf) ?? new Set();
  }

  /** In order of dependence one pass is enough; a repeated group feeds itself, so it takes passes until nothing is new. */
  units(units: readonly Unit[]): boolean {
    let grown = false;
    for (const unit of units) {
      if (unit.kind === 'leaf') grown = this.#leaf(unit.leaf) || grown;
      else while (this.units(unit.units)) grown = true;
    }
    return grown;
  }

  #leaf(leaf: LeafDeclaration): boolean {
    const axes = this.#axes.get(leaf) ?? new Set<Axis>();
    this.#axes.set(leaf, axes);
    const before = axes.size;
    for (let group = leaf.parent; group !== undefined; group = group.parent) this.#header(group, axes);
    this.#taken(leaf, axes);
    for (const use of this.#finder.ofLeaf(leaf).uses) this.#reached(use, axes);
    for (const axis of this.perOf(leaf)) axes.add(axis);
    return axes.size > before;
  }

  #header(group: GroupDeclaration, axes: Set<Axis>): void {
    const header = this.#finder.ofGroup(group);
    this.#taken(group, axes);
    if (group.repeat !== undefined) axes.add(group.repeat.axis);
    for (const use of [...header.uses, ...header.until]) this.#reached(use, axes);
  }

  /** What `each` takes up, and the declaration's own matrix. */
  #taken(declaration: Declaration, axes: Set<Axis>): void {
    for (const axis of declaration.matrix) axes.add(axis);
    const { each } =
      declaration.kind === 'group' ? this.#finder.ofGroup(declaration) : this.#finder.ofLeaf(declaration);
    if (each === undefined || each.declaration.kind === 'group') return;
    for (const axis of this.of(each.declaration)) axes.add(axis);
    if (each.declaration.kind === 'pool') axes.add(each.declaration.axis);
  }

  /** A reference brings the study axes of what it refers to; local ones have to be there already. */
  #reached(use: Use, axes: Set<Axis>): void {
    const { target, from } = use;
    switch (target.kind) {
      case 'coordinate': {
        const axis = from.scope.file.axes.get(target.axis);
        if (axis !== undefined) axes.add(axis);
        return;
      }
      case 'output':
      case 'members':
        this.#studyAxes(target.kind === 'output' ? target.task : target.pool, axes);
        return;
      case 'previous': {
        const header = this.#finder.ofGroup(target.group);
        for (const inner of [...header.from, ...header.to]) {
          if (inner.target.kind !== 'previous') this.#reached(inner, axes);
          else if (inner.target.group !== target.group) this.#reached(inner, axes);
        }
        return;
      }
      case 'member':
      case 'param':
      case 'data':
      case 'gather':
      case 'gather-members':
    }
  }

  #studyAxes(leaf: LeafDeclaration, axes: Set<Axis>): void {
    for (const axis of this.of(leaf)) if (axis.kind === 'study') axes.add(axis);
  }

  /** `per: [x]`: a study axis, or one of what is gathered. */
  perOf(leaf: LeafDeclaration): readonly Axis[] {
    if (leaf.per.length === 0) return [];
    const gathered = this.#finder.ofLeaf(leaf).uses.flatMap((use) => {
      const { target } = use;
      if (target.kind === 'gather') return [...this.of(target.task)];
      return target.kind === 'gather-members' ? [...this.of(target.pool), target.pool.axis] : [];
    });
    return leaf.per.flatMap((name) => {
      const axis = leaf.scope.file.axes.get(name.text) ?? gathered.find((one) => one.name === name.text);
      return axis === undefined ? [] : [axis];
    });
  }

  gatheredNames(leaf: LeafDeclaration): readonly string[] {
    const names = this.#finder
      .ofLeaf(leaf)
      .uses.flatMap(({ target }) => (target.kind === 'gather' ? [...this.of(target.task)] : []));
    return [...new Set([...leaf.scope.file.axes.keys(), ...names.map((axis) => axis.name)])];
  }
}

interface Check {
  readonly finder: UseFinder;
  readonly findings: Findings;
  readonly spread: Spread;
}

function checkUses(leaf: LeafDeclaration, reach: ReadonlyMap<LeafDeclaration, Reach>, check: Check): void {
  const { finder, findings, spread } = check;
  const own = reach.get(leaf)!;
  const present = new Set(own.axes);
  const uses = [...finder.ofLeaf(leaf).uses];
  for (let group = leaf.parent; group !== undefined; group = group.parent) {
    const header = finder.ofGroup(group);
    uses.push(...header.uses, ...header.from);
  }
  for (const use of uses) {
    const { target } = use;
    if (target.kind === 'coordinate' && !own.byName.has(target.axis)) {
      findings.report({
        code: 'unknown-axis',
        span: use.span,
        message: `'${leaf.name}' has no axis '${target.axis}'`,
        hint: suggest(target.axis, [...own.byName.keys(), ...use.from.scope.file.axes.keys()]),
      });
    }
    if (target.kind !== 'output' && target.kind !== 'members') continue;
    for (const producer of leavesBehind(use)) {
      const foreign = spread.of(producer);
      const missing = [...foreign].filter((axis) => axis.kind !== 'study' && !present.has(axis));
      if (missing.length > 0) reportMixed(leaf, producer, missing, use, findings);
    }
  }
  for (const name of leaf.per) {
    if (own.per.some((axis) => axis.name === name.text)) continue;
    findings.report({
      code: 'unknown-axis',
      span: name.span,
      message: `nothing that '${leaf.name}' gathers has an axis '${name.text}'`,
      hint: suggest(name.text, spread.gatheredNames(leaf)),
    });
  }
}

function reportMixed(
  leaf: LeafDeclaration,
  producer: LeafDeclaration,
  missing: readonly Axis[],
  use: Use,
  findings: Findings,
): void {
  const names = missing.map((axis) => `'${axis.name}'`).join(' and ');
  const name = producer.name.replaceAll('/', '.');
  const output = use.target.kind === 'output' ? use.target.output : 'model';
  const whole = use.target.kind === 'output' ? `${name}.${output}` : name;
  findings.report({
    code: 'mixed-axes',
    span: use.span,
    message: `'${producer.name}' has one instance for each ${names}, and '${leaf.name}' has not`,
    hint: `take them up with \`each: ${name}\` and \${{ member.${output} }}, or gather them with \${{ all.${whole} }}`,
    related: [{ span: producer.key, note: `'${producer.name}' is declared here` }],
  });
}

function reportClash(leaf: LeafDeclaration, axis: Axis, twin: Axis, findings: Findings): void {
  findings.report({
    code: 'axis-clash',
    span: leaf.key,
    message: `'${leaf.name}' has two axes that are called '${axis.name}'`,
    hint: twin.kind === 'step' ? 'name one of the repeats with `as:`' : 'give one of them another name',
    related: [axis, twin].map((one) => ({
      span: one.span,
      note: one.owner === '' ? 'an axis of the study' : `an axis of '${one.owner}'`,
    })),
  });
}
