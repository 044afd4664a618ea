import type { Tuple } from './axis.ts';
import { tupleKey } from './axis.ts';
import type { GroupDeclaration } from './declaration.ts';
import { evaluateBare } from './evaluate.ts';
import type { Frame, LookupContext } from './lookup.ts';
import { evaluationFor } from './lookup.ts';
import type { Failed, Value } from './value.ts';
import { describeValue, failed } from './value.ts';

/** A repeat that has not ended by then never will. */
export const mostRounds = 1000;

/** At which places a repeated group still goes on: by its `times`, or until a fact of the last round ends it. */
export class Rounds {
  readonly #group: GroupDeclaration;
  readonly #context: LookupContext;
  readonly #times = new Map<string, number>();
  /** Per place: -1 where it has ended, else the step up to which it is known to go on. */
  readonly #goesTo = new Map<string, number>();
  #failed = false;
  /** How many places asked for the step at hand and were told to go on. */
  running = 0;

  constructor(group: GroupDeclaration, context: LookupContext) {
    this.#group = group;
    this.#context = context;
  }

  runs(tuple: Tuple, step: number): boolean {
    if (this.#failed) return false;
    const key = tupleKey(tuple, [...tuple.keys()]);
    const byTimes = this.#group.repeat!.times !== undefined;
    const goesOn = byTimes ? step <= this.#count(tuple, key) : !this.#endedBefore(tuple, key, step);
    if (goesOn) this.running++;
    return goesOn;
  }

  /** Whether something about the repeat was wrong, and has been reported. */
  hasFailed(): boolean {
    return this.#failed;
  }

  reportEndless(): void {
    const { until, node } = this.#group.repeat!;
    this.#context.base.findings.report({
      code: 'endless-repeat',
      span: until?.span ?? node.span,
      message: `'${this.#group.name}' would go on after ${mostRounds} rounds`,
      hint: until === undefined ? 'repeat fewer times' : 'the condition never becomes true: use `times`',
    });
  }

  #count(tuple: Tuple, key: string): number {
    const known = this.#times.get(key);
    if (known !== undefined) return known;
    const count = timesAt(this.#group, tuple, this.#context);
    if (count === failed) this.#failed = true;
    const times = count === failed ? 0 : count;
    this.#times.set(key, times);
    return times;
  }

  #endedBefore(tuple: Tuple, key: string, step: number): boolean {
    if (step === 1) return false;
    const known = this.#goesTo.get(key);
    if (known !== undefined && (known < 0 || known >= step)) return known < 0;
    const ends = endsAfter(this.#group, tuple, step - 1, this.#context);
    if (ends === failed) this.#failed = true;
    const ended = ends !== false;
    this.#goesTo.set(key, ended ? -1 : step);
    return ended;
  }
}

function timesAt(group: GroupDeclaration, tuple: Tuple, context: LookupContext): number | Failed {
  const { times } = group.repeat!;
  if (times === undefined) return failed;
  const frame: Frame = { owner: group, previousFrom: group.parent, tuple };
  const value = evaluateBare(times, group.scope, evaluationFor(context, frame));
  if (value === failed) return failed;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= mostRounds) return value;
  context.base.findings.report({
    code: 'wrong-type',
    span: times.span,
    message: `'times' has to be a whole number from 0 to ${mostRounds}, and this is ${describeValue(value)}`,
    hint: 'a number, or a bare expression such as params.rounds',
  });
  return failed;
}

function endsAfter(
  group: GroupDeclaration,
  tuple: Tuple,
  step: number,
  context: LookupContext,
): boolean | Failed {
  const { until, axis } = group.repeat!;
  if (until === undefined) return failed;
  const after = new Map([...tuple, [axis, step] as const]);
  const frame: Frame = { owner: group, previousFrom: group, tuple: after };
  const value: Value | Failed = evaluateBare(until, group.inner, evaluationFor(context, frame));
  if (typeof value === 'boolean' || value === failed) return value;
  context.base.findings.report({
    code: 'wrong-type',
    span: until.span,
    message: `'until' has to be true or false, and this is ${describeValue(value)}`,
    hint: 'compare a fact with a number: cut.model.sparsity >= 0.9',
  });
  return failed;
}
