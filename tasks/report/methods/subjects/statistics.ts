import type { TaskRecord } from '../../../../engine/contract/study-record.ts';
import type { Rule } from '../../../sweet-spots/decision.ts';
import { ruleInWords } from '../../../sweet-spots/describe-rule.ts';
import { defaultRule } from '../../../sweet-spots/rule.ts';
import { distinct, groupedBy, option } from '../evidence.ts';
import type { Evidence } from '../evidence.ts';
import { cite, say } from '../phrase.ts';
import type { Phrase } from '../phrase.ts';
import { cassano2025 } from '../works/pruning.ts';
import {
  dunn1961,
  efron1993,
  hillis2007,
  obuchowski1995,
  tusher2001,
  westfall1993,
} from '../works/statistics.ts';
import type { Work } from '../works/work.ts';

/** How sweet spots were decided, in the words of the rule; nothing where no sparse model was scored beside a dense one. */
export function statisticsSentences(evidence: Evidence): readonly Phrase[] {
  const scored = scoredTasks(evidence);
  const sparsities = new Set(scored.map(({ facts }) => facts['sparsity']));
  if (!sparsities.has(0) || sparsities.size < 2) return [];
  const deciding = evidence.record.tasks.filter(({ kind }) => kind === 'sweet-spots');
  const asked = deciding.length === 0 ? [{}] : distinct(deciding.map(({ options }) => options ?? {}));
  return asked.flatMap((options) => {
    const rule = { ...defaultRule, ...options };
    const axes = (options as { readonly seed_axes?: readonly string[] }).seed_axes ?? ['seed'];
    return ruleSentences(rule, { oneTraining: isOfOneTraining(scored, axes) });
  });
}

function scoredTasks({ of }: Evidence): readonly TaskRecord[] {
  return ['evaluate', 'localise', 'corloc', 'compare-humans'].flatMap((kind) => of(kind));
}

function isOfOneTraining(scored: readonly TaskRecord[], axes: readonly string[]): boolean {
  const alike = groupedBy(scored, (task) => [
    task.name,
    Object.entries(task.coordinates).filter(([axis]) => !axes.includes(axis)),
    option(task, 'set') ?? null,
  ]);
  return alike.every((own) => own.length === 1);
}

function ruleSentences(rule: Rule, how: { readonly oneTraining: boolean }): readonly Phrase[] {
  const { definition, images, trainings, correction } = ruleInWords(rule, how);
  return [
    citing(`${definition} All of the following must hold.`, { 'A sweet spot': [cassano2025] }),
    citing(capital(images), { 'paired bootstrap': [efron1993] }),
    citing(capital(trainings.text), { 'two-way analysis of variance': [obuchowski1995, hillis2007] }),
    citing(`Of several sparsities, ${correction}`, {
      'max-T': [westfall1993],
      "median over the score's sparsities": [tusher2001],
      Bonferroni: [dunn1961],
    }),
  ];
}

/** The text with references behind those of some words that stand in it. */
function citing(text: string, works: { readonly [words: string]: readonly Work[] }): Phrase {
  return Object.entries(works).reduce<Phrase>(
    (phrase, [words, cited]) =>
      phrase.flatMap((piece): Phrase => {
        const end = typeof piece === 'string' ? piece.indexOf(words) + words.length : -1;
        if (typeof piece !== 'string' || !piece.includes(words)) return [piece];
        return say`${piece.slice(0, end)}${cite(...cited)}${piece.slice(end)}`;
      }),
    [text.replaceAll(' %', '\u202f%')],
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
