import type { Contestant } from './contestant.ts';
import { describeLoad } from './machine.ts';
import type { ModelTurn } from './model-turn.ts';
import { median, range } from './statistics.ts';
import { table } from './table.ts';

/** Turns beside each other. */
export type Pair = readonly [ours: ModelTurn, theirs: ModelTurn];

interface Turns {
  /** What is done, in words. */
  readonly what: string;
  readonly ours: Contestant<ModelTurn>;
  readonly theirs: Contestant<ModelTurn>;
  readonly turns: number;
  /** How long one takes, at least, as the contestants are asked. */
  readonly seconds: string;
}

/** Lets two take turns, in an order that reverses, so that other work on the machine falls on both. Says how it goes. */
export async function pairsOfTurns({ what, ours, theirs, turns, seconds }: Turns): Promise<readonly Pair[]> {
  console.log(`\n${what}: ${ours.what}; ${theirs.what}`);
  for (const side of [ours, theirs]) await side.ask('0');
  const pairs: Pair[] = [];
  for (let turn = 1; turn <= turns; turn += 1) {
    const order = turn % 2 === 1 ? [ours, theirs] : [theirs, ours];
    const answers = new Map<Contestant<ModelTurn>, ModelTurn>();
    for (const side of order) answers.set(side, await side.ask(seconds));
    const pair: Pair = [answers.get(ours)!, answers.get(theirs)!];
    pairs.push(pair);
    console.log(
      `  turn ${turn}: ${pair.map((answer) => inDigits(speed(answer))).join(' against ')} images/s, ratio ${ratioOf(pair).toFixed(2)}, by CPU time ${cpuRatioOf(pair).toFixed(2)}, ${describeLoad()}`,
    );
  }
  if (new Set(pairs.map(([answer]) => answer.tensors)).size > 1) console.log('  our tensors grow in number');
  return pairs;
}

export interface Compared {
  readonly what: string;
  readonly pairs: readonly Pair[];
  /** The ratio to reach. */
  readonly goal: number;
}

/** A row for each comparison. */
export function tableOfPairs(all: readonly Compared[], peer: string): string {
  const rows = all.map(({ what, pairs, goal }) => {
    const ratios = pairs.map(ratioOf);
    const [low, high] = range(ratios);
    return [
      what,
      ...[0, 1].map((side) => inDigits(median(pairs.map((pair) => speed(pair[side]!))))),
      median(ratios).toFixed(2),
      `${low.toFixed(2)} to ${high.toFixed(2)}`,
      median(pairs.map(cpuRatioOf)).toFixed(2),
      `${goal} ${median(ratios) >= goal ? 'met' : 'missed'}`,
      ...[0, 1].map((side) => Math.max(...pairs.map((pair) => pair[side]!.peakMiB)).toFixed(0)),
    ];
  });
  return table(['model', 'ours', peer, 'ratio', 'pairs', 'CPU ratio', 'goal', 'peak MiB', peer], rows);
}

/** Images per second. */
function speed({ images, seconds }: ModelTurn): number {
  return images / seconds;
}

/** Above 1, ours is faster. */
function ratioOf([ours, theirs]: Pair): number {
  return speed(ours) / speed(theirs);
}

/** The same by the processor time that an image took. */
function cpuRatioOf([ours, theirs]: Pair): number {
  return theirs.cpuSeconds / theirs.images / (ours.cpuSeconds / ours.images);
}

function inDigits(value: number): string {
  return value.toFixed(value < 1 ? 3 : 1);
}
