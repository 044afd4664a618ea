/*
 * How often a rule finds sweet spots where there are none, and where there are some: `npm run check:null`. Prints the tables of
 * docs/evaluations.md; equal numbers every time. Options: --studies N (400), and names of tables.
 */
import { parseArgs } from 'node:util';
import { findings } from '../vision/statistics/made-studies.ts';
import type { MadeStudy, Rule } from '../vision/statistics/made-studies.ts';

const rules: readonly Rule[] = [
  { name: 'default', resamples: 400 },
  { name: 'bonferroni', correction: 'bonferroni', resamples: 400 },
  { name: 'none', correction: 'none', resamples: 400 },
  { name: 'none, spread', correction: 'none', overSeeds: 'spread', resamples: 400 },
];

const usual: MadeStudy = { images: 100, seeds: 3, sparsities: 8, kind: 'continuous', training: 0.3 };

const tables: {
  readonly [name: string]: { readonly what: string; readonly studies: readonly Partial<MadeStudy>[] };
} = {
  nothing: {
    what: 'nothing to find: studies with any sweet spot',
    studies: [
      ...[1, 2, 3, 5].flatMap((seeds) => [0, 0.1, 0.3].map((training) => ({ seeds, training }))),
      { training: 0.3, chain: 0 },
      { training: 0.3, chain: 0.95 },
    ],
  },
  shapes: {
    what: 'nothing to find, other shapes',
    studies: [
      { images: 32 },
      { images: 1000 },
      { sparsities: 16 },
      { sparsities: 26 },
      { sparsities: 26, seeds: 1, training: 0 },
      { kind: 'binary', images: 32 },
      { kind: 'binary', images: 128 },
      { kind: 'binary', images: 32, seeds: 1, training: 0 },
      { kind: 'binary', images: 48, seeds: 5 },
    ],
  },
  gains: {
    what: 'a gain at the sparser half: studies in which some of it is found',
    studies: [
      ...[0.1, 0.3].flatMap((training) =>
        [2, 3, 5].flatMap((seeds) => [0.3, 0.6, 1].map((gain) => ({ training, seeds, gain }))),
      ),
      { kind: 'binary' as const, images: 128, training: 0.1, gain: 0.6 },
      { sparsities: 26, training: 0.1, gain: 0.6 },
    ],
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { studies: { type: 'string', default: '400' } },
});
const count = Number(values.studies);
for (const [name, { what, studies }] of Object.entries(tables)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  process.stdout.write(`\n${what} (%, ${count} studies each)\n\n`);
  process.stdout.write(
    `| seeds | images | sparsities | kind | training | chain | gain | ${rules.map((rule) => rule.name).join(' | ')} |\n`,
  );
  process.stdout.write(
    `| ---: | ---: | ---: | --- | ---: | ---: | ---: |${' ---: |'.repeat(rules.length)}\n`,
  );
  for (const part of studies) {
    const made = { ...usual, ...part };
    const { seeds, images, sparsities, kind, training, chain = 0.8, gain = 0 } = made;
    const found = rules.map((rule) => findings(made, rule, count)[gain > 0 ? 'right' : 'any']);
    const cells = [
      seeds,
      images,
      sparsities,
      kind,
      training,
      chain,
      gain,
      ...found.map((share) => (100 * share).toFixed(1)),
    ];
    process.stdout.write(`| ${cells.join(' | ')} |\n`);
  }
}
