import { formatAddress } from '../plan/address.ts';
import type { GatheredItem, LeftOut, PlannedTask } from '../plan/plan.ts';
import type { Axis, Tuple } from './axis.ts';
import type { DataDeclaration, GroupDeclaration, LeafDeclaration, Scope } from './declaration.ts';
import { evaluateBare } from './evaluate.ts';
import type { ExpressionCompiler } from './expression.ts';
import type { Findings } from './findings.ts';
import { coordinatesOf, Expanded } from './instance.ts';
import type { Located } from './located.ts';
import type { Frame, LookupContext } from './lookup.ts';
import { evaluationFor } from './lookup.ts';
import type { MakeContext } from './make-instance.ts';
import { makePool, makeTask } from './make-instance.ts';
import { leavesOf } from './names.ts';
import type { Unit } from './order.ts';
import { OptionsPreparer } from './prepare-options.ts';
import type { Reach } from './reach.ts';
import { mostRounds, Rounds } from './rounds.ts';
import { placeOf } from './source.ts';
import type { Round } from './tuples.ts';
import { mostInstances, placesOf } from './tuples.ts';
import type { UseFinder } from './uses.ts';
import type { Failed } from './value.ts';
import { describeValue, failed } from './value.ts';

const mostEdges = 1_000_000;
/** Of all addresses together. */
const mostAddressCharacters = 200_000_000;
/** After so many failures of one task, the others would say the same. */
const failuresShown = 5;

export interface ExpandRequest {
  readonly units: readonly Unit[];
  readonly reach: ReadonlyMap<LeafDeclaration, Reach>;
  readonly data: ReadonlyMap<string, DataDeclaration>;
  /** Leaves about which something has been reported already. */
  readonly broken: ReadonlySet<LeafDeclaration>;
  readonly finder: UseFinder;
  readonly compiler: ExpressionCompiler;
  readonly findings: Findings;
  readonly smoke: boolean;
}

export interface ExpandedStudy {
  /** In plan order: by dependence, then along the axes. */
  readonly tasks: readonly PlannedTask[];
  readonly pools: ReadonlyMap<string, readonly GatheredItem[]>;
  readonly leftOut: readonly LeftOut[];
}

/** Makes every instance of every task, in order of dependence, with its inputs, options and facts. */
export function expandStudy(request: ExpandRequest): ExpandedStudy {
  const expansion = new Expansion(request);
  expansion.units(request.units, new Map());
  return expansion.result(request.units);
}

type RoundsAtHand = ReadonlyMap<GroupDeclaration, Round>;

class Expansion {
  readonly #findings: Findings;
  readonly #finder: UseFinder;
  readonly #reach: ReadonlyMap<LeafDeclaration, Reach>;
  readonly #expanded: Expanded;
  readonly #lookup: LookupContext;
  readonly #make: MakeContext;
  readonly #leftOut = new Map<string, LeftOut>();
  #instances = 0;
  #edges = 0;
  #addressCharacters = 0;
  /** The plan became too large: nothing more is made. */
  #full = false;

  constructor({ compiler, findings, finder, reach, smoke, data, broken }: ExpandRequest) {
    this.#findings = findings;
    this.#finder = finder;
    this.#reach = reach;
    this.#expanded = new Expanded((leaf) => this.#axesOf(leaf));
    for (const leaf of broken) this.#expanded.broken.add(leaf);
    this.#lookup = { base: { compiler, findings }, finder, expanded: this.#expanded };
    this.#make = {
      lookup: this.#lookup,
      options: new OptionsPreparer(findings, smoke),
      data,
      axesOf: (task) => this.#axesOf(task),
    };
  }

  units(units: readonly Unit[], rounds: RoundsAtHand): void {
    for (const unit of units) {
      if (this.#full) return;
      if (unit.kind === 'repeat') this.#repeat(unit.group, unit.units, rounds);
      else this.#leaf(unit.leaf, rounds);
    }
  }

  result(units: readonly Unit[]): ExpandedStudy {
    const tasks: PlannedTask[] = [];
    const pools = new Map<string, readonly GatheredItem[]>();
    const collect = (unit: Unit): void => {
      if (unit.kind === 'repeat') unit.units.forEach(collect);
      else if (unit.leaf.kind === 'task') {
        for (const { task } of this.#expanded.instances(unit.leaf).sorted()) tasks.push(task);
      } else {
        for (const { tuple, members } of this.#expanded.pools(unit.leaf).sorted()) {
          const address = formatAddress(unit.leaf.name, coordinatesOf(tuple, this.#axesOf(unit.leaf)));
          const item = ({ from, output, coordinates, facts }: GatheredItem): GatheredItem => ({
            from,
            output,
            coordinates,
            facts,
          });
          pools.set(address, members.map(item));
        }
      }
    };
    units.forEach(collect);
    return { tasks, pools, leftOut: [...this.#leftOut.values()] };
  }

  #axesOf(leaf: LeafDeclaration): Reach['axes'] {
    return this.#reach.get(leaf)?.axes ?? [];
  }

  #leaf(leaf: LeafDeclaration, rounds: RoundsAtHand): void {
    const { broken } = this.#expanded;
    if (broken.has(leaf)) return;
    const places = placesOf(leaf, {
      finder: this.#finder,
      expanded: this.#expanded,
      reachOf: (one) => this.#reach.get(one)!,
      rounds,
      enters: (group, tuple) => this.#enters(group, { owner: group, previousFrom: group.parent, tuple }),
    });
    if (places === failed) broken.add(leaf);
    else if (places === 'too-many') this.#tooMany(leaf);
    if (typeof places !== 'object') return;
    let failures = 0;
    for (const tuple of places) {
      const frame: Frame = { owner: leaf, previousFrom: leaf.parent, tuple };
      const wanted = this.#condition(leaf.condition, leaf.scope, frame);
      if (wanted === false) {
        if (leaf.kind === 'task') this.#leaveOut(leaf, this.#axesOf(leaf), tuple);
        continue;
      }
      if (wanted === failed || this.#instance(leaf, frame) === failed) {
        broken.add(leaf);
        if (++failures >= failuresShown) return;
      }
      if (this.#full) return;
    }
    this.#checkWalked(leaf, rounds);
  }

  #instance(leaf: LeafDeclaration, frame: Frame): 'made' | Failed {
    if (++this.#instances > mostInstances) {
      this.#tooMany(leaf);
      return failed;
    }
    if (leaf.kind === 'pool') {
      const members = makePool(leaf, frame, this.#lookup);
      if (members === failed) return failed;
      this.#expanded.addPool(leaf, frame.tuple, members);
      return 'made';
    }
    const instance = makeTask(leaf, frame, this.#make);
    if (instance === failed) return failed;
    this.#expanded.instances(leaf).add(instance);
    this.#edges += instance.task.needs.length;
    for (const input of Object.values(instance.task.inputs)) {
      this.#edges += input.kind === 'gathered' ? input.items.length : 1;
    }
    this.#addressCharacters += instance.id.length;
    if (this.#edges > mostEdges || this.#addressCharacters > mostAddressCharacters) this.#tooMany(leaf);
    return 'made';
  }

  #enters(group: GroupDeclaration, frame: Frame): boolean | Failed {
    const entered = this.#condition(group.condition, group.scope, frame);
    if (entered === false) this.#leaveOut(group, [...frame.tuple.keys()], frame.tuple);
    return entered;
  }

  #leaveOut(what: LeafDeclaration | GroupDeclaration, axes: readonly Axis[], tuple: Tuple): void {
    const { name, condition } = what;
    if (condition?.kind !== 'scalar') return;
    const coordinates = coordinatesOf(tuple, axes);
    const id = formatAddress(name, coordinates);
    const place = placeOf(condition.span);
    this.#leftOut.set(id, { id, name, coordinates, condition: String(condition.value), place });
  }

  #condition(node: Located | undefined, scope: Scope, frame: Frame): boolean | Failed {
    if (node?.kind !== 'scalar') return true;
    const value = evaluateBare(node, scope, evaluationFor(this.#lookup, frame));
    if (typeof value === 'boolean' || value === failed) return value;
    this.#findings.report({
      code: 'wrong-type',
      span: node.span,
      message: `'if' has to be true or false, and this is ${describeValue(value)}`,
      hint: 'compare with something: member.index > 0',
    });
    return failed;
  }

  /** Round by round: what is inside at step 1, then at step 2, … as long as any place goes on. */
  #repeat(group: GroupDeclaration, units: readonly Unit[], outer: RoundsAtHand): void {
    const { broken } = this.#expanded;
    const leaves = leavesOf(group);
    const rounds = new Rounds(group, this.#lookup);
    for (let step = 1; !this.#full && !rounds.hasFailed(); step++) {
      if (leaves.some((leaf) => broken.has(leaf))) break;
      rounds.running = 0;
      const round: Round = { step, runs: (tuple) => rounds.runs(tuple, step) };
      this.units(units, new Map([...outer, [group, round]]));
      if (rounds.running === 0 && !rounds.hasFailed()) return;
      if (step > mostRounds) {
        rounds.reportEndless();
        break;
      }
    }
    // A chain that broke is of no use to anybody.
    for (const leaf of leaves) broken.add(leaf);
  }

  /** `each` over nothing is a mistake: a task that silently never runs. */
  #checkWalked(leaf: LeafDeclaration, rounds: RoundsAtHand): void {
    const each = this.#finder.ofLeaf(leaf).each;
    if (each === undefined || each.declaration.kind === 'group') return;
    const { declaration, span } = each;
    if (rounds.size > 0 || this.#expanded.broken.has(declaration)) return;
    if (this.#expanded.walked(declaration).size > 0) return;
    const isPool = declaration.kind === 'pool';
    this.#findings.report({
      code: 'empty-each',
      span,
      message: `'${leaf.name}' is for each of '${declaration.name}', which has no ${isPool ? 'members' : 'instances'}`,
      hint: isPool ? 'list at least one model in the pool' : 'look at its `if` and its axes',
      related: [{ span: declaration.key, note: `'${declaration.name}' is declared here` }],
    });
    this.#expanded.broken.add(leaf);
  }

  #tooMany(leaf: LeafDeclaration): void {
    this.#full = true;
    this.#findings.report({
      code: 'too-large',
      span: leaf.key,
      message: `the plan becomes too large at '${leaf.name}' (more than ${mostInstances} instances, or ${mostEdges} edges)`,
      hint: 'look for axes that multiply by mistake',
    });
    this.#expanded.broken.add(leaf);
  }
}
