/** A line of one or both of two texts, with its number in each, counted from 1. */
export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/** Two texts as one, line by line, with as few changes as there can be: a longest common subsequence. */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const [one, other] = [linesOf(before), linesOf(after)];
  // What both begin and end with needs no table.
  let head = 0;
  while (head < Math.min(one.length, other.length) && one[head] === other[head]) head += 1;
  let tail = 0;
  const room = Math.min(one.length, other.length) - head;
  while (tail < room && one.at(-1 - tail) === other.at(-1 - tail)) tail += 1;
  const inner = { one: one.slice(head, one.length - tail), other: other.slice(head, other.length - tail) };
  const steps: readonly DiffLine['kind'][] = [
    ...Array.from({ length: head }, () => 'same' as const),
    ...stepsOf(inner.one, inner.other),
    ...Array.from({ length: tail }, () => 'same' as const),
  ];
  let [i, j] = [0, 0];
  return steps.map((kind): DiffLine => {
    const isBefore = kind !== 'added';
    const isAfter = kind !== 'removed';
    const text = isBefore ? one[i]! : other[j]!;
    const line = { kind, text, before: isBefore ? i + 1 : undefined, after: isAfter ? j + 1 : undefined };
    if (isBefore) i += 1;
    if (isAfter) j += 1;
    return line;
  });
}

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function stepsOf(one: readonly string[], other: readonly string[]): readonly DiffLine['kind'][] {
  // longest[i][j]: how many lines the texts from i and from j on have in common.
  const width = other.length + 1;
  const longest = new Uint32Array((one.length + 1) * width);
  for (let i = one.length - 1; i >= 0; i--)
    for (let j = other.length - 1; j >= 0; j--)
      longest[i * width + j] =
        one[i] === other[j]
          ? longest[(i + 1) * width + j + 1]! + 1
          : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!);
  const steps: DiffLine['kind'][] = [];
  let [i, j] = [0, 0];
  while (i < one.length || j < other.length) {
    if (i < one.length && j < other.length && one[i] === other[j]) {
      steps.push('same');
      i += 1;
      j += 1;
    } else if (
      j >= other.length ||
      (i < one.length && longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!)
    ) {
      steps.push('removed');
      i += 1;
    } else {
      steps.push('added');
      j += 1;
    }
  }
  return steps;
}

/** Lines that changed with `context` lines about them, in blocks. */
export function hunksOf(lines: readonly DiffLine[], context: number): readonly (readonly DiffLine[])[] {
  const near = lines.map((_, i) =>
    lines.slice(Math.max(0, i - context), i + context + 1).some(({ kind }) => kind !== 'same'),
  );
  const hunks: DiffLine[][] = [];
  lines.forEach((line, i) => {
    if (near[i] !== true) return;
    if (near[i - 1] === true) hunks.at(-1)!.push(line);
    else hunks.push([line]);
  });
  return hunks;
}
