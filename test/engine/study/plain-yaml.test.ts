import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Findings } from '../../../engine/study/findings.ts';
import type { Located } from '../../../engine/study/located.ts';
import { parseStudy } from '../../../engine/study/parse-study.ts';
import { readPlainYaml } from '../../../engine/study/plain-yaml.ts';
import { createSource } from '../../../engine/study/source.ts';

const sample = `# a study
study: sample # named so
tasks:
  x: { uses: command, with: { run: [sh, -c, "echo 1"], n: [1, -2.5, 1e3, true, null, 8GB] } }

  # below it
  y:
    each: x
    if: matrix.n > 0 && 'a' != "b"
    with:
      - a: ./file.yaml
        b: 'it''s'
      - [p q, http://x/y, -0]
      - plain words, [of] any {sort}
    needs:
    - x
    - "y\\n\\u00e9"
  z:
    with: {
      a: {},
      b: [[],
        2 ]
      }
`;

/** A part of a study is read from the start of a line. */
const starts = [0, 0, 0, ...[...sample.matchAll(/\n/g)].map(({ index }) => index + 1)];

/** What may turn a text into something else for one of the two readers. */
const spoilers = [
  ...['\n', '\n  ', '\n    ', ' ', '  ', ':', ': ', '- ', '-', '#', ' #', '{', '}', '[', ']', ',', ', ', '"'],
  ...[
    "'",
    '\\',
    '&a ',
    '*a',
    '!',
    '|',
    '>',
    '?',
    '? ',
    '%',
    '@',
    '`',
    '~',
    '.',
    '...',
    '---',
    '\n---\n',
    '=',
    ';',
  ],
  ...[
    '<<: ',
    '00',
    '+1',
    '0x1f',
    '0o7',
    '.5',
    '5.',
    '1e400',
    '.inf',
    '.nan',
    'Null',
    'True',
    'yes',
    'é',
    '😀',
  ],
  ...[
    '$',
    '${{ a }}',
    '"${{ a.b }}"',
    'x-a: ',
    'a: ',
    '\\u0041',
    '\\ud800',
    '\\x41',
    '(',
    'b',
    '\t',
    '\r',
    '/',
  ],
  ...['__proto__: 1', '12345678901234567890', '\u2028', '\ufeff', '\0'],
];

const spoilt = fc
  .tuple(
    fc.constantFrom(...starts),
    fc.integer({ min: 20, max: sample.length }),
    fc.array(fc.tuple(fc.nat(), fc.nat(3), fc.constantFrom('', ...spoilers)), { maxLength: 4 }),
  )
  .map(([start, length, changes]) => {
    let text = sample.slice(start, start + length);
    for (const [where, removed, inserted] of changes) {
      const at = where % (text.length + 1);
      text = text.slice(0, at) + inserted + text.slice(at + removed);
    }
    return text;
  });

/** Values with the places where they start, and where scalars and keys end. */
function shown({ span, ...node }: Located): unknown {
  switch (node.kind) {
    case 'scalar':
      return [Object.is(node.value, -0) ? '-0' : node.value, span.start, span.end];
    case 'list':
      return { at: span.start, items: node.items.map(shown) };
    case 'map':
      return {
        at: span.start,
        entries: [...node.entries].map(([name, { key, value }]) => [name, key.start, key.end, shown(value)]),
      };
  }
}

function inBoth(text: string): { readonly plain: unknown; readonly full: unknown } | undefined {
  const source = createSource('/study.yaml', text);
  const plain = readPlainYaml(source);
  if (plain === undefined) return undefined;
  const findings = new Findings();
  const full = parseStudy(source, findings);
  expect(findings.list()).toEqual([]);
  return { plain: shown(plain), full: full === undefined ? undefined : shown(full) };
}

describe('the reader of plain YAML', () => {
  it('reads what studies are written in', () => {
    const workflows = readdirSync('workflows').filter((name) => name.endsWith('.yaml'));
    expect(workflows.length).toBeGreaterThan(0);
    for (const text of [sample, ...workflows.map((name) => readFileSync(`workflows/${name}`, 'utf8'))]) {
      const read = inBoth(text);
      expect(read).toBeDefined();
      expect(read?.plain).toEqual(read?.full);
    }
  });

  it('says nothing of a text or says what the full reader says', () => {
    let answered = 0;
    fc.assert(
      fc.property(spoilt, (text) => {
        const read = inBoth(text);
        if (read === undefined) return;
        answered++;
        expect(read.plain).toEqual(read.full);
      }),
      { numRuns: 3000 },
    );
    expect(answered).toBeGreaterThan(100);
  });

  it.each([
    ['an anchor', 'a: &x 1\nb: *x\n'],
    ['a merge key', 'a: { <<: { b: 1 } }\n'],
    ['a tag', 'a: !!str 1\n'],
    ['a block text', 'a: |\n  b\n'],
    ['a text over two lines', 'a: b\n  c\n'],
    ['a key twice', 'a: 1\na: 2\n'],
    ['a key that means something to JavaScript', 'a: { constructor: 1 }\n'],
    ['an expression that YAML tears apart', 'a: [${{ b }}]\n'],
    ['two documents', 'a: 1\n---\nb: 2\n'],
    ['a directive', '%YAML 1.1\n---\na: 1\n'],
    ['a number beyond 2^53', 'a: 12345678901234567890\n'],
    ['half a surrogate pair', 'a: "\\ud800"\n'],
    ['a tab', 'a:\t1\n'],
    ['deep nesting', `a: ${'['.repeat(40)}${']'.repeat(40)}\n`],
    ['very many values', `a: [${'1,'.repeat(260_000)}1]\n`],
    ['nothing', ''],
  ])('leaves %s to the full reader', (_, text) => {
    expect(readPlainYaml(createSource('/study.yaml', text))).toBeUndefined();
  });
});
