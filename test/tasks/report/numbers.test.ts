import { describe, expect, it } from 'vitest';
import {
  countText,
  gainText,
  scoreNumber,
  scoreText,
  sparsityNumber,
} from '../../../tasks/report/page/numbers.ts';

describe('numbers of the report', () => {
  it.each([
    [0, '0'],
    [0.36, '36'],
    [0.488, '48.8'],
    [0.59040000001, '59'],
    [0.996977, '99.7'],
    [0.9999, '99.99'],
    [1, '100'],
  ])('writes the sparsity %d as %s', (sparsity, text) => {
    expect(sparsityNumber(sparsity)).toBe(text);
  });

  it('writes fractions and percents alike, and other units as they are', () => {
    expect(scoreText(0.4567, 'fraction')).toBe('45.7\u202f%');
    expect(scoreText(45.67, 'percent')).toBe('45.7\u202f%');
    expect(scoreText(1.23456, 'nats')).toBe('1.23');
    expect(scoreText(null, 'fraction')).toBe('\u2013');
  });

  it('gives gains a sign, but none to what rounds to nothing', () => {
    expect(gainText(0.021, 'fraction')).toBe('+2.1');
    expect(gainText(-0.021, 'fraction')).toBe('\u22122.1');
    expect(gainText(0.0001, 'fraction')).toBe('0.0');
    expect(gainText(-0.0001, 'fraction')).toBe('0.0');
    expect(gainText(0, 'fraction')).toBe('0.0');
    expect(gainText(0.0001, 'kappa')).toBe('0.000');
    expect(gainText(-0.0001, 'kappa')).toBe('0.000');
  });

  it('writes kappas with three decimals, so that the ends of an interval have as many', () => {
    expect([0.00385, 0.112, 0.1].map((one) => scoreNumber(one, 'kappa'))).toEqual([
      '0.004',
      '0.112',
      '0.100',
    ]);
  });

  it('groups the digits of large counts', () => {
    expect(countText(1280)).toBe('1280');
    expect(countText(1234567)).toBe('1\u202f234\u202f567');
  });
});
