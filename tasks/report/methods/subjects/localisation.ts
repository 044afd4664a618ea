import type { TaskRecord } from '../../../../engine/contract/study-record.ts';
import { plural } from '../../page/numbers.ts';
import { numberOf, option, optionValues, textOf, written } from '../evidence.ts';
import type { Evidence } from '../evidence.ts';
import { cite, code, listed, say } from '../phrase.ts';
import type { Phrase } from '../phrase.ts';
import { arras2022, wang2020, zhang2018pointing } from '../works/evaluation.ts';

/** What heatmaps were scored by, and against what. */
export function localisationSentences({ of }: Evidence): readonly Phrase[] {
  const scored = of('localise');
  const metrics = optionValues(scored, 'metrics').flat();
  const [task] = scored;
  if (task === undefined || metrics.length === 0) return [];
  const known = Object.keys(metricPhrases).filter((name) => metrics.includes(name));
  return [
    say`Heatmaps were scored by ${listed(known.map((name) => metricPhrases[name]!(task)))}.`,
    ...poolingSentences(scored),
    ...truthSentences(scored),
  ];
}

const metricPhrases: { readonly [metric: string]: (task: TaskRecord) => Phrase } = {
  rma: () =>
    say`relevance mass accuracy (RMA, the share of the relevance inside the object's mask)${cite(arras2022)}`,
  rra: () =>
    say`relevance rank accuracy (RRA, the share of as many highest pixels as the mask has that lie inside it)${cite(arras2022)}`,
  pointing: (task) => {
    const margin = numberOf(option(task, 'margin')) ?? 0;
    return say`the pointing game${cite(zhang2018pointing)} (margin ${plural(margin, 'pixel')})`;
  },
  energy: () => say`the energy-based pointing game${cite(wang2020)}`,
};

function poolingSentences(tasks: readonly TaskRecord[]): readonly Phrase[] {
  const poolings = optionValues(tasks, 'pooling').map((pooling): Phrase => {
    return pooling === 'auto'
      ? say`the squared L2 norm over channels (scaled to 0–1 where a map has one channel)`
      : say`${code(written(pooling))}`;
  });
  return poolings.length === 0 ? [] : [say`Relevance was pooled by ${listed(poolings)}.`];
}

function truthSentences(tasks: readonly TaskRecord[]): readonly Phrase[] {
  const truths = optionValues(tasks, 'truth').map(truthPhrase);
  const voids = optionValues(tasks, 'void').map((void_) => textOf(void_) ?? '');
  if (truths.length === 0) return [];
  const border =
    voids.length === 0
      ? undefined
      : say`; the void border of masks ${voids.includes('ignored') ? 'was ignored' : 'counted as background'}`;
  return [say`The object is ${listed(truths)}${border}.`];
}

function truthPhrase(truth: unknown): Phrase {
  switch (truth) {
    case 'any':
      return say`any foreground`;
    case 'label':
      return say`what is of the image's own class`;
    case 'target':
      return say`what is of the class explained`;
    case 'objects':
      return say`each object by itself`;
    default:
      return say`what is of the class ${code(String(truth))}`;
  }
}
