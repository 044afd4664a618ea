import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../../vision/random/random.ts';
import { diffLines, hunksOf } from '../../../../tasks/report/compare/line-diff.ts';
import type { DiffLine } from '../../../../tasks/report/compare/line-diff.ts';

const told = (lines: readonly DiffLine[]): readonly string[] =>
  lines.map(
    ({ kind, text, before, after }) =>
      `${{ same: ' ', removed: '-', added: '+' }[kind]}${before ?? '.'},${after ?? '.'} ${text}`,
  );

describe('the difference of two texts', () => {
  it('keeps what both have, and numbers the lines of each', () => {
    expect(told(diffLines('a\nb\nc\nd\n', 'a\nx\nc\ny\nd\n'))).toEqual([
      ' 1,1 a',
      '-2,. b',
      '+.,2 x',
      ' 3,3 c',
      '+.,4 y',
      ' 4,5 d',
    ]);
  });

  it('is nothing for the same text, and all of it against none', () => {
    expect(diffLines('a\nb', 'a\nb\n').every(({ kind }) => kind === 'same')).toBe(true);
    expect(told(diffLines('', 'a\nb\n'))).toEqual(['+.,1 a', '+.,2 b']);
    expect(diffLines('', '')).toEqual([]);
  });

  it('holds both texts, with as few changes as a table of all pairs finds', () => {
    for (let trial = 0; trial < 60; trial++) {
      const random = randomFrom(3, trial);
      const text = (): string[] => Array.from({ length: random.integer(9) }, () => 'abc'[random.integer(3)]!);
      const [one, other] = [text(), text()];
      const lines = diffLines(one.join('\n'), other.join('\n'));
      const without = (kind: DiffLine['kind']): string[] =>
        lines.filter((line) => line.kind !== kind).map((line) => line.text);
      expect(without('added')).toEqual(one);
      expect(without('removed')).toEqual(other);
      expect(lines.filter(({ kind }) => kind === 'same')).toHaveLength(commonLength(one, other));
    }
  });

  it('shows lines near a change, in blocks', () => {
    const before = Array.from({ length: 20 }, (_, i) => `line ${i}`);
    const after = before.map((line, i) => (i === 3 || i === 15 ? `${line}!` : line));
    const hunks = hunksOf(diffLines(before.join('\n'), after.join('\n')), 1);
    expect(hunks.map((hunk) => hunk.map(({ text }) => text))).toEqual([
      ['line 2', 'line 3', 'line 3!', 'line 4'],
      ['line 14', 'line 15', 'line 15!', 'line 16'],
    ]);
  });
});

/** By trying every way, for short texts. */
function commonLength(one: readonly string[], other: readonly string[]): number {
  if (one.length === 0 || other.length === 0) return 0;
  const [first, ...rest] = one;
  const skipped = commonLength(rest, other);
  const at = other.indexOf(first!);
  return at === -1 ? skipped : Math.max(skipped, 1 + commonLength(rest, other.slice(at + 1)));
}
