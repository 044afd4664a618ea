import { categories } from './categories.ts';

/** One answer to one image. */
export interface Answer {
  /** A category, or `na`. */
  readonly response: string;
  readonly category: string;
}

/** Share of right answers; undefined for none. */
export function accuracyOf(answers: readonly Answer[]): number | undefined {
  return answers.length === 0
    ? undefined
    : answers.filter(({ response, category }) => response === category).length / answers.length;
}

/**
 * Entropy of the distribution of answers over the categories that were shown, in bits (Geirhos et al. 2018, section 2.2): at
 * most log2 of their number. `na` counts below the line only, as in model-vs-human. Undefined for no answers.
 */
export function responseEntropy(answers: readonly Answer[]): number | undefined {
  if (answers.length === 0) return undefined;
  const shown = new Set(answers.map(({ category }) => category));
  let entropy = 0;
  for (const category of shown) {
    const share = answers.filter(({ response }) => response === category).length / answers.length;
    if (share > 1e-5) entropy -= share * Math.log2(share);
  }
  return entropy;
}

/** Rows: answers, `na` first; columns: categories shown; per cent of a column's trials, null where it has none. */
export interface Confusion {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly percent: readonly (readonly (number | null)[])[];
}

/** Which category is taken for which (Geirhos et al. 2018, figure 5). */
export function confusionOf(answers: readonly Answer[]): Confusion {
  const rows = ['na', ...categories];
  const byCategory = categories.map((shown) => answers.filter(({ category }) => category === shown));
  const percent = rows.map((row) =>
    byCategory.map((trials) =>
      trials.length === 0
        ? null
        : (100 * trials.filter(({ response }) => response === row).length) / trials.length,
    ),
  );
  return { rows, columns: categories, percent };
}
