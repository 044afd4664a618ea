import type { JsonObject } from '../../../../cache/json.ts';
import type { TaskRecord } from '../../../../engine/contract/study-record.ts';
import { modelLabel } from '../../page/labels.ts';
import { plural, sparsityText } from '../../page/numbers.ts';
import { distinct, factTexts, groupedBy, numberOf, option, textOf, written } from '../evidence.ts';
import type { Evidence } from '../evidence.ts';
import { cite, code, listed, say } from '../phrase.ts';
import type { Phrase } from '../phrase.ts';
import { han2015, lee2019, li2017, mishra2021, molchanov2019 } from '../works/pruning.ts';

/** What was pruned by which rule, how much at a time, and which sparsities came of it. */
export function pruningSentences({ of }: Evidence): readonly Phrase[] {
  const pruned = of('prune');
  return groupedBy(pruned, ({ options }) => withoutSeed(options)).flatMap((own) => [
    ruleSentence(own),
    ...sparsitySentences(own),
  ]);
}

function withoutSeed(options: JsonObject | undefined): unknown {
  const { seed: _, ...others } = options ?? {};
  return others;
}

function ruleSentence(tasks: readonly TaskRecord[]): Phrase {
  const [task] = tasks as readonly [TaskRecord, ...TaskRecord[]];
  const method = textOf(option(task, 'method'));
  const models = factTexts(tasks, 'model').map(modelLabel);
  const what = models.length === 0 ? say`Models` : listed(models);
  const rule = method === undefined ? say`pruned` : (rules[method]?.(task) ?? say`pruned by ${code(method)}`);
  return say`${what} ${models.length === 1 ? 'was' : 'were'} ${rule}${amount(task)}${reach(task)}.`;
}

const rules: { readonly [method: string]: (task: TaskRecord) => Phrase } = {
  'global-magnitude': () =>
    say`pruned by magnitude${cite(han2015)}, the smallest weights of all layers together first`,
  'layer-magnitude': () => say`pruned by magnitude${cite(han2015)}, the smallest weights of each layer first`,
  random: () => say`pruned at random over all layers together`,
  'layer-random': () => say`pruned at random in each layer`,
  snip: (task) =>
    say`pruned by connection sensitivity (SNIP${cite(lee2019)}), from the gradient on ${batches(task)}`,
  taylor: (task) =>
    say`pruned by a first-order Taylor expansion of the loss${cite(molchanov2019)}, from gradients on ${batches(task)}`,
  'n-m': (task) =>
    say`pruned to ${written(option(task, 'pattern') ?? 'N:M')} sparsity${cite(mishra2021)}, the largest weights of each group kept`,
  'filter-norm': (task) =>
    say`pruned by whole ${option(task, 'dimension') === 1 ? 'input channels' : 'filters'}${cite(li2017)} of the lowest ${norm(task)} norm, ${option(task, 'ranking') === 'global' ? 'ranked over all layers together' : 'in each layer'}`,
};

function batches(task: TaskRecord): string {
  const count = numberOf(option(task, 'batches'));
  const size = numberOf(option(task, 'batch'));
  const of = size === undefined ? '' : ` of ${plural(size, 'image')}`;
  return count === undefined ? 'labelled images' : `${plural(count, 'batch', 'batches')}${of}`;
}

function norm(task: TaskRecord): string {
  const kind = option(task, 'norm') ?? 1;
  return kind === 'inf' ? 'maximum' : `L${written(kind)}`;
}

function amount(task: TaskRecord): string {
  const [fraction, count, sparsity] = ['fraction', 'count', 'sparsity'].map((name) =>
    numberOf(option(task, name)),
  );
  if (count !== undefined) return `, ${plural(count, 'weight')} at a time`;
  if (sparsity !== undefined) return `, to a sparsity of ${sparsityText(sparsity)}`;
  return fraction === undefined ? '' : `, ${sparsityText(fraction)} of what is left at a time`;
}

/** Convolutions and linear layers go without saying. */
function reach(task: TaskRecord): Phrase | undefined {
  const lists = (['include', 'exclude'] as const).map(
    (name) => (option(task, name) ?? []) as readonly string[],
  );
  const [more, less] = lists as [readonly string[], readonly string[]];
  const beside = more.length === 0 ? undefined : say`, ${listed(more.map((name) => [code(name)]))} besides`;
  const but = less.length === 0 ? undefined : say`, but for ${listed(less.map((name) => [code(name)]))}`;
  return say`${beside}${but}`;
}

function sparsitySentences(tasks: readonly TaskRecord[]): readonly Phrase[] {
  const found = tasks.flatMap(({ facts: { sparsity } }) => (typeof sparsity === 'number' ? [sparsity] : []));
  const texts = distinct(found.toSorted((a, b) => a - b).map(sparsityText));
  const most = 12;
  if (texts.length === 0) return [];
  if (texts.length === 1) return [say`The sparsity reached is ${texts[0]}.`];
  const shown =
    texts.length <= most
      ? listed(texts)
      : say`${String(texts.length)} between ${texts[0]} and ${texts.at(-1)}`;
  return [say`The sparsities reached are ${shown}.`];
}
