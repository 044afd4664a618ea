import type { Samples } from './samples.ts';
import { median } from './statistics.ts';
import type { Cost, Outcome } from './timed-run.ts';

/** Who takes part in a comparison, and how one turn of theirs is measured. */
export interface Entrant {
  readonly name: string;
  readonly version: string;
  readonly measure: (turn: number) => Outcome;
}

/** What an entrant's turns cost, in order; empty where it could not take part, which `problem` explains. */
export interface Entry {
  readonly name: string;
  readonly costs: readonly Cost[];
  readonly problem?: string;
}

export interface Comparison {
  readonly table: string;
  readonly what: string;
  readonly samples: Samples;
  readonly entrants: readonly Entrant[];
  readonly turns: number;
  /** Who takes longer than this has one turn only. */
  readonly longMs: number;
}

/** Lets all take turns, in an order that reverses each time, so that a change in the machine's load falls on all. */
export function inTurns({ table, what, samples, entrants, turns, longMs }: Comparison): readonly Entry[] {
  const costs = new Map<string, Cost[]>(entrants.map(({ name }) => [name, []]));
  const problems = new Map<string, string>();
  for (let turn = 0; turn < turns; turn += 1) {
    for (const { name, version, measure } of turn % 2 === 0 ? entrants : entrants.toReversed()) {
      const [first] = costs.get(name)!;
      if (problems.has(name) || (first !== undefined && first.wallMs > longMs)) continue;
      process.stderr.write(`${table}, ${what}, turn ${turn + 1}: ${name}\n`);
      const outcome = samples.take({ table, what, who: name, version, turn }, () => measure(turn));
      if (outcome.kind === 'ran') costs.get(name)!.push(outcome);
      else problems.set(name, problemOf(outcome));
    }
  }
  return entrants.map(({ name }) => {
    const problem = problems.get(name);
    return { name, costs: costs.get(name)!, ...(problem === undefined ? {} : { problem }) };
  });
}

export function problemOf(outcome: Exclude<Outcome, { readonly kind: 'ran' }>): string {
  return outcome.kind === 'failed'
    ? outcome.message
    : `not done after ${(outcome.limitMs / 60_000).toFixed(0)} minutes`;
}

/** Of an entry's costs, the median of one figure; undefined where there is none. */
export function middle(entry: Entry | undefined, figure: keyof Cost): number | undefined {
  return entry === undefined || entry.costs.length === 0
    ? undefined
    : median(entry.costs.map((cost) => cost[figure]));
}

/** The figure of `one` over that of `other`, turn by turn; where the turns differ in number, over the other's median. */
export function pairs(one: Entry, other: Entry, figure: keyof Cost): readonly number[] {
  if (one.costs.length === 0 || other.costs.length === 0) return [];
  if (one.costs.length === other.costs.length) {
    return one.costs.map((cost, turn) => cost[figure] / other.costs[turn]![figure]);
  }
  return one.costs.map((cost) => cost[figure] / middle(other, figure)!);
}
