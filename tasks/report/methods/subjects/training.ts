import type { JsonObject } from '../../../../cache/json.ts';
import type { TaskRecord } from '../../../../engine/contract/study-record.ts';
import { modelLabel } from '../../page/labels.ts';
import { plural } from '../../page/numbers.ts';
import { distinct, factTexts, groupedBy, numberOf, option } from '../evidence.ts';
import type { Evidence } from '../evidence.ts';
import { cite, listed, say } from '../phrase.ts';
import type { Phrase } from '../phrase.ts';
import { frankle2020, han2015, renda2020 } from '../works/pruning.ts';
import { seedsText } from './models.ts';
import { recipeClauses } from './recipe.ts';

/** How models were trained, and how pruned ones were trained again. */
export function trainingSentences({ of, record }: Evidence): readonly Phrase[] {
  const trained = of('train');
  const fresh = trained.filter((task) => typeof option(task, 'model') === 'string');
  const again = trained.filter((task) => task.reads.length > 0);
  return [
    ...groupedBy(fresh, same).flatMap(freshSentences),
    ...groupedBy(again, (task) => [same(task), afterPruning(task, record.tasks), rewound(task)]).flatMap(
      (own) => againSentence(own, record.tasks),
    ),
  ];
}

function same(task: TaskRecord): unknown {
  return ['recipe', 'from_epoch', 'to_epoch', 'images'].map((name) => option(task, name) ?? null);
}

function freshSentences(tasks: readonly TaskRecord[]): readonly Phrase[] {
  const models = factTexts(tasks, 'model').map(modelLabel);
  const seeds = distinct(tasks.flatMap((task) => option(task, 'seed') ?? []));
  const was = models.length === 1 ? 'was' : 'were';
  const from = seeds.length === 0 ? '' : `, each from ${seedsText(seeds)}`;
  return [
    say`${listed(models)} ${was} trained from fresh weights${howLong(tasks[0]!)}${from}${clausesOf(tasks[0]!)}.`,
  ];
}

function againSentence(tasks: readonly TaskRecord[], all: readonly TaskRecord[]): readonly Phrase[] {
  const [task] = tasks as readonly [TaskRecord, ...TaskRecord[]];
  const models = factTexts(tasks, 'model').map(modelLabel);
  const when = afterPruning(task, all) ? 'After pruning' : 'From a checkpoint';
  const was = models.length === 1 ? 'was' : 'were';
  const kept = afterPruning(task, all) ? ', pruned weights held at zero' : '';
  return [
    say`${when}, ${listed(models)} ${was} trained again${howLong(task)}${kept}: ${manner(task)}${clausesOf(task)}.`,
  ];
}

/** Rewinding of weights, of the learning rate, or of nothing. */
function manner(task: TaskRecord): Phrase {
  const { schedule, learning_rate: rate } = recipeOf(task);
  const start = numberOf(option(task, 'from_epoch')) ?? 0;
  if (rewound(task))
    return say`weights were set back to an earlier checkpoint (weight rewinding${cite(frankle2020)})`;
  const kind = (schedule as JsonObject | undefined)?.['kind'];
  if (kind === 'last' || kind === 'constant')
    return say`weights were kept, at a constant learning rate (fine-tuning${cite(han2015)})`;
  if (start > 0) return say`weights were kept, and the schedule went on from epoch ${start}`;
  const own = rate === undefined && schedule === undefined ? ' of the first training' : '';
  return say`weights were kept, and the whole learning-rate schedule${own} was run through anew (learning-rate rewinding${cite(renda2020)})`;
}

/** A second checkpoint beside the one that is trained. */
function rewound({ reads }: TaskRecord): boolean {
  return reads.length > 1;
}

function afterPruning({ reads }: TaskRecord, all: readonly TaskRecord[]): boolean {
  return reads.some((read) => all[read]?.kind === 'prune');
}

function recipeOf(task: TaskRecord): JsonObject {
  return (option(task, 'recipe') ?? {}) as JsonObject;
}

function howLong(task: TaskRecord): string {
  const epochs = numberOf(option(task, 'to_epoch')) ?? numberOf(recipeOf(task)['epochs']);
  const images = numberOf(option(task, 'images'));
  const part = images === undefined ? '' : ` on ${plural(images, 'image')} of the data`;
  if (epochs === undefined) return part;
  return ` for ${plural(epochs - (numberOf(option(task, 'from_epoch')) ?? 0), 'epoch')}${part}`;
}

/** Nothing where the recipe changes nothing but the number of epochs. */
function clausesOf(task: TaskRecord): Phrase | undefined {
  const clauses = recipeClauses(recipeOf(task));
  return clauses.length === 0 ? undefined : say`, with ${listed(clauses)}`;
}
