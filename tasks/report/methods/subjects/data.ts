import type { Json } from '../../../../cache/json.ts';
import type { DataRecord, TaskRecord } from '../../../../engine/contract/study-record.ts';
import { plural } from '../../page/numbers.ts';
import { scoredFor, scoredText } from './scored-images.ts';
import type { ScoredImages } from './scored-images.ts';
import { distinct, groupedBy, numberOf, option, textOf, written } from '../evidence.ts';
import type { Evidence } from '../evidence.ts';
import { cite, code, listed, say } from '../phrase.ts';
import type { Phrase } from '../phrase.ts';
import { geirhos2021 } from '../works/evaluation.ts';
import { everingham2010, everingham2015, russakovsky2015 } from '../works/models-and-data.ts';

/** A data set, and what it served for. */
interface Used extends DataRecord {
  readonly purposes: readonly string[];
  readonly scored: readonly ScoredImages[];
}

/** Which images, how many of them, and what for. */
export function dataSentences({ done, scored }: Evidence): readonly Phrase[] {
  const uses = done.flatMap((task) =>
    (task.data ?? []).map((set) => ({ set, purpose: purposeOf(task, set), images: scored(task) })),
  );
  const sets = groupedBy(uses, ({ set }) => [set.name, set.adapter, set.options]).map((own): Used => {
    const purposes = distinct(own.flatMap(({ purpose }) => purpose ?? []));
    return { ...own[0]!.set, purposes, scored: scoredFor(own) };
  });
  const images = sets.filter(({ adapter }) => adapter !== 'human-decisions');
  const drawn = images.filter(({ adapter }) => adapter === 'shapes');
  const found = images.filter(({ adapter }) => adapter !== 'shapes');
  return [
    ...groupedBy(drawn, ({ options }) => [options['size'], options['seed']]).map(drawnSentence),
    ...found.map(
      (set) => say`Images ${forWhat(set)} came from ${sourceOf(set)}${limitOf(set)}${scoredText(set)}.`,
    ),
  ];
}

function purposeOf({ kind, options }: TaskRecord, { input }: DataRecord): string | undefined {
  switch (kind) {
    case 'train':
      return input === 'validation' ? 'validation' : 'training';
    case 'prune':
      return 'the gradients that pruning looks at';
    case 'evaluate':
      return options?.['set'] === undefined ? 'accuracy' : 'out-of-distribution accuracy';
    case 'attribute':
      return 'explanations';
    case 'localise':
      return 'localisation';
    case 'lost':
    case 'corloc':
      return 'object discovery';
    default:
      return undefined;
  }
}

function forWhat({ purposes, name }: Used): Phrase {
  return purposes.length === 0 ? say`of the data set ${code(name)}` : say`for ${listed(purposes)}`;
}

function drawnSentence(sets: readonly Used[]): Phrase {
  const { options, facts } = sets[0]!;
  const size = numberOf(options['size']);
  const side = size === undefined ? undefined : say` of ${size} × ${size} pixels`;
  const seed = options['seed'] === undefined ? undefined : say` (seed ${written(options['seed'])})`;
  const classes =
    facts['classes'] === undefined ? undefined : say` in ${String(facts['classes'])} categories`;
  const parts = sets.map((set) => say`${countOf(set)} ${forWhat(set)}`);
  return say`Images are drawings${side}${classes}, made by the software itself${seed}: ${parts.flatMap((part, i) => (i === 0 ? part : ['; ', ...part]))}.`;
}

function countOf({ options, facts }: Used): string {
  const images = numberOf(facts['images']);
  if (options['split'] !== 'ood') return images === undefined ? 'some' : plural(images, 'image');
  const each = numberOf(options['count']);
  const sets = Array.isArray(options['sets']) ? options['sets'].length : 17;
  return `${plural(each ?? (images ?? 0) / sets, 'image')} of each of ${plural(sets, 'set')}`;
}

function sourceOf({ adapter, name, options }: Used): Phrase {
  const split = textOf(options['split']);
  switch (adapter) {
    case 'imagenet':
      return say`ImageNet (ILSVRC 2012)${cite(russakovsky2015)}${splitText(split)}`;
    case 'voc': {
      const year = options['year'] === 2007 ? 2007 : 2012;
      const task = textOf(options['task']);
      const work = year === 2007 ? everingham2010 : everingham2015;
      return say`Pascal VOC ${String(year)}${cite(work)}${splitText(split)}${task === undefined ? '' : `, annotated for ${task}`}${masksText(options['masks'], task)}`;
    }
    case 'geirhos':
      return say`the published out-of-distribution sets of model-vs-human${cite(geirhos2021)}`;
    default:
      return say`the data set ${code(name)} (read as ${code(adapter)})${splitText(split)}`;
  }
}

function splitText(split: string | undefined): Phrase | undefined {
  return split === undefined ? undefined : say` (${code(split)})`;
}

/** What departs from the masks of classes. */
function masksText(masks: Json | undefined, task: string | undefined): string {
  if (task !== 'segmentation') return '';
  if (masks === 'object') return ', with the masks of objects';
  return masks === 'authors' ? ', with masks read from the red channel of the palette' : '';
}

function limitOf({ options, adapter }: Used): string {
  const limit = numberOf(options['limit']);
  if (limit === undefined) return '';
  return `, at most ${plural(limit, 'image')}${adapter === 'geirhos' ? ' of each set' : ''}`;
}

/** `, on 32 images`: where tasks were asked to take a part of their data. */
export function imagesText(tasks: readonly TaskRecord[]): string {
  const counts = distinct(tasks.map((task) => numberOf(option(task, 'images'))));
  const [only] = counts;
  return counts.length === 1 && only !== undefined
    ? `, on ${plural(only, 'image')} spread evenly over the data`
    : '';
}
