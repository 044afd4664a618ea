import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../vision/random/random.ts';
import { checkControl } from '../../../vision/statistics/control-checks.ts';
import type { ControlCheck } from '../../../vision/statistics/control-checks.ts';

/** Scores of 60 images around four means, the images' own difficulty in all of them. */
function check(
  means: readonly [sparse: number, dense: number, controlSparse: number, controlDense: number],
  sign: 1 | -1 = 1,
): ControlCheck {
  const random = randomFrom(11);
  const images = Array.from({ length: 60 }, () => random.uniform());
  const [sparse, dense, controlSparse, controlDense] = means.map((mean) =>
    images.map((image) => mean + 0.3 * image + 0.02 * random.normal()),
  ) as [number[], number[], number[], number[]];
  return checkControl([{ sparse, dense, controlSparse, controlDense }], { sign, confidence: 0.95 });
}

describe('checkControl', () => {
  it('passes a gain that the control has not', () => {
    const found = check([0.6, 0.5, 0.2, 0.2]);
    expect(found).toMatchObject({ verdict: 'passed', images: 60 });
    expect(found.level!.mean).toBeCloseTo(0.4, 1);
    expect(found.gain!.mean).toBeCloseTo(0.1, 1);
  });

  it('fails where the control gains as much', () => {
    expect(check([0.6, 0.5, 0.3, 0.2]).verdict).toBe('failed');
  });

  it('fails where the control is as good, though it gains nothing', () => {
    expect(check([0.6, 0.5, 0.6, 0.6]).verdict).toBe('failed');
  });

  it('turns the sign where less is better', () => {
    expect(check([0.4, 0.5, 0.8, 0.8], -1).verdict).toBe('passed');
    expect(check([0.4, 0.5, 0.8, 0.8]).verdict).toBe('failed');
  });

  it('compares with a dense model of equal accuracy as the control of a dense model that is itself', () => {
    const dense = Array.from({ length: 30 }, (_, i) => i / 60);
    const matched = dense.map((value) => value + 0.1);
    const sparse = dense.map((value, i) => value + (i % 2 === 0 ? 0.12 : 0.16));
    const against = (controlSparse: readonly number[]): ControlCheck =>
      checkControl([{ sparse, dense, controlSparse, controlDense: dense }], { sign: 1, confidence: 0.95 });
    expect(against(matched).verdict).toBe('passed');
    expect(against(matched).gain!.mean).toBeCloseTo(0.04, 12);
    expect(against(sparse.map((value, i) => value + (i % 3) / 100)).verdict).toBe('failed');
  });

  it('needs enough images with all four values', () => {
    const [ones, zeros] = [Array<number>(5).fill(1), Array<number>(5).fill(0)];
    const values = { sparse: ones, dense: zeros, controlSparse: zeros, controlDense: zeros };
    const options = { sign: 1, confidence: 0.95 } as const;
    expect(checkControl([values], options).verdict).toBe('failed');
    const nothing = { ...values, controlSparse: zeros.map(() => null) };
    expect(checkControl([nothing], options)).toEqual({
      verdict: 'no-values',
      level: undefined,
      gain: undefined,
      images: 0,
    });
  });

  it('fails where trainings disagree on what the control gains, though the images of each are sure', () => {
    const random = randomFrom(4);
    const values = (mean: number): number[] =>
      Array.from({ length: 60 }, () => mean + 0.02 * random.normal());
    const runs = (controlGains: readonly number[]) =>
      controlGains.map((controlGain) => ({
        sparse: values(0.6),
        dense: values(0.5),
        controlSparse: values(0.2 + controlGain),
        controlDense: values(0.2),
      }));
    const options = { sign: 1, confidence: 0.95 } as const;
    expect(checkControl(runs([0, 0.01, 0]), options).verdict).toBe('passed');
    const torn = checkControl(runs([0, 0.15, 0]), options);
    expect(torn.verdict).toBe('failed');
    expect(torn.gain!.mean).toBeCloseTo(0.05, 1);
    expect(torn.gain!.low).toBeLessThan(0);
  });

  it('leaves out images without a value in any run, and draws whole images', () => {
    const rising = Array.from({ length: 20 }, (_, i) => 0.5 + i / 100);
    const run = {
      sparse: rising,
      dense: rising.map((value) => value - 0.1),
      controlSparse: rising.map(() => 0.2),
      controlDense: rising.map(() => 0.2),
    };
    const holed = { ...run, sparse: rising.map((value, i) => (i < 3 ? null : value)) };
    expect(checkControl([run, holed], { sign: 1, confidence: 0.95 }).images).toBe(17);
    const clusters = rising.map((_, i) => (i < 10 ? 'one' : 'other'));
    expect(checkControl([run], { sign: 1, confidence: 0.95, clusters }).verdict).toBe('failed');
  });
});
