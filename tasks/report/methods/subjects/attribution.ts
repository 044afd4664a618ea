import type { TaskRecord } from '../../../../engine/contract/study-record.ts';
import { methodLabel } from '../../page/labels.ts';
import { plural } from '../../page/numbers.ts';
import { groupedBy, numberOf, option, optionValues, textOf, written } from '../evidence.ts';
import type { Evidence } from '../evidence.ts';
import { cite, code, listed, say } from '../phrase.ts';
import type { Phrase } from '../phrase.ts';
import {
  abnar2020,
  bach2015,
  caron2021,
  selvaraju2017,
  shrikumar2017,
  simonyan2014,
  smilkov2017,
  springenberg2015,
  sundararajan2017,
} from '../works/attribution.ts';
import type { Work } from '../works/work.ts';
import { imagesText } from './data.ts';

/** How heatmaps were made. */
export function attributionSentences({ of }: Evidence): readonly Phrase[] {
  const made = of('attribute').filter((task) => textOf(option(task, 'method')) !== undefined);
  if (made.length === 0) return [];
  const ways = groupedBy(made, ({ options = {} }) => {
    const { images: _images, previews: _previews, memory_gib: _memory, target: _target, ...own } = options;
    return own;
  }).map(([task]) => wayOf(task!));
  return [say`Decisions were explained by ${listed(ways)}${imagesText(made)}. ${targets(made)}`];
}

function wayOf(task: TaskRecord): Phrase {
  const method = textOf(option(task, 'method')) ?? '';
  const details = [
    detailsOf[method]?.(task) ?? '',
    option(task, 'variant') === 'authors' ? 'in the variant of the published code' : '',
    option(task, 'precision') === 'float16' ? 'maps kept in half precision' : '',
  ].filter((text) => text !== '');
  const works = worksOf[method];
  const name = say`${inSentence(methodLabel(method))}${works === undefined ? undefined : cite(...works)}`;
  return details.length === 0 ? name : say`${name} (${details.join(', ')})`;
}

/** Names of their own keep their capitals: they have a second one. */
function inSentence(label: string): string {
  return /[A-Z].*[A-Z]/.test(label) ? label : label.charAt(0).toLowerCase() + label.slice(1);
}

const worksOf: { readonly [method: string]: readonly Work[] } = {
  'integrated-gradients': [sundararajan2017],
  'grad-cam': [selvaraju2017],
  'guided-grad-cam': [selvaraju2017],
  'guided-backprop': [springenberg2015],
  saliency: [simonyan2014],
  'input-x-gradient': [shrikumar2017],
  'smooth-grad': [smilkov2017],
  lrp: [bach2015],
  attention: [caron2021],
  'attention-rollout': [abnar2020],
};

const detailsOf: { readonly [method: string]: (task: TaskRecord) => string } = {
  'integrated-gradients': (task) => {
    const steps = numberOf(option(task, 'steps'));
    const rule = ruleNames[textOf(option(task, 'rule')) ?? ''] ?? '';
    return [steps === undefined ? '' : plural(steps, 'step'), rule, baselineText(task)]
      .filter((text) => text !== '')
      .join(', ');
  },
  'smooth-grad': (task) =>
    `${plural(Number(option(task, 'samples') ?? 1), 'noisy copy', 'noisy copies')}, noise ${written(option(task, 'noise'))} of the range of values`,
  lrp: (task) =>
    `rule ${written(option(task, 'relevance_rule'))}, epsilon ${written(option(task, 'relevance_epsilon'))}`,
  attention: (task) => `last layer, ${written(option(task, 'heads') ?? 'mean')} over heads`,
  'attention-rollout': (task) =>
    `all layers, ${written(option(task, 'rollout_heads') ?? 'mean')} over heads${option(task, 'residual') === false ? ', without the residual' : ''}`,
};

const ruleNames: { readonly [rule: string]: string } = {
  gausslegendre: 'Gauss–Legendre',
  riemann_left: 'left Riemann sums',
  riemann_right: 'right Riemann sums',
  riemann_middle: 'midpoint sums',
  riemann_trapezoid: 'trapezoid sums',
};

function baselineText(task: TaskRecord): string {
  const kind = option(task, 'baseline_kind') ?? 'constant';
  if (kind !== 'constant') return `${written(kind)} baseline`;
  const value = numberOf(option(task, 'baseline'));
  if (value === undefined) return '';
  return value === 0 ? 'zero baseline' : `baseline ${value}`;
}

function targets(tasks: readonly TaskRecord[]): Phrase {
  const named = optionValues(tasks, 'target').map((target): Phrase => {
    if (target === 'predicted') return say`the class that the model predicts`;
    return target === 'label' ? say`the class of the image's label` : say`the class ${code(written(target))}`;
  });
  return named.length === 0 ? say`` : say`What was explained is ${listed(named)}.`;
}
