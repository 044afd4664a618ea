import { describe, expect, it } from 'vitest';
import { makeJudge } from '../../../tasks/evaluate/judge.ts';

const logits = Float32Array.of(1, 3, 2);

describe('the judge of decisions', () => {
  it('takes the highest of all logits where the names agree, in whatever order', () => {
    const judge = makeJudge({ wanted: 'auto', modelClasses: ['a', 'b', 'c'], setClasses: ['c', 'b'] });
    expect(judge).toMatchObject({ classMap: 'none', choices: 3, hasLoss: true });
    const { loss, ...rest } = judge.judge(logits, 'c');
    expect(rest).toEqual({ decision: 'b', accuracy: 0, top5: 1 });
    expect(loss).toBeCloseTo(-Math.log(Math.exp(2) / (Math.exp(1) + Math.exp(2) + Math.exp(3))), 6);
    expect(judge.judge(logits, undefined)).toEqual({ decision: 'b', accuracy: null, top5: null, loss: null });
  });

  it('keeps the loss finite for logits whose exponent is not', () => {
    const judge = makeJudge({ wanted: 'auto', modelClasses: ['a', 'b'], setClasses: ['a', 'b'] });
    expect(judge.judge(Float32Array.of(2000, 0), 'b').loss).toBe(2000);
  });

  it('chooses among mapped categories alone, and leaves out the others', () => {
    const wanted = { x: ['a'], y: ['c'] };
    const judge = makeJudge({ wanted, modelClasses: ['a', 'b', 'c'], setClasses: ['x', 'y', 'z'] });
    expect(judge.judge(logits, 'y')).toEqual({ decision: 'y', accuracy: 1, top5: 1, loss: null });
    expect(judge.judge(logits, 'z')).toMatchObject({ decision: 'y', accuracy: null, top5: null });
  });

  it('says what cannot be mapped', () => {
    const request = { wanted: 'auto', modelClasses: ['a', 'b'], setClasses: ['x'] } as const;
    expect(() => makeJudge(request)).toThrow('give class_map');
  });
});
