import { describedModel } from '../../../../vision/models/catalogue.ts';
import type { CataloguedModel } from '../../../../vision/models/catalogue.ts';
import { modelLabel } from '../../page/labels.ts';
import { plural } from '../../page/numbers.ts';
import { distinct, factTexts, groupedBy, option, textOf } from '../evidence.ts';
import type { Evidence } from '../evidence.ts';
import { cite, code, listed, say } from '../phrase.ts';
import type { Phrase } from '../phrase.ts';
import { dosovitskiy2021, he2016, liu2022 } from '../works/models-and-data.ts';

const families: { readonly [family in CataloguedModel['family']]: Phrase } = {
  resnet: say`residual network${cite(he2016)}`,
  'cifar-resnet': say`residual network for small images${cite(he2016)}`,
  vit: say`vision transformer${cite(dosovitskiy2021)}`,
  'swin-v2': say`Swin transformer V2${cite(liu2022)}`,
};

/** Which networks, and those whose weights came from elsewhere. */
export function modelSentences({ of }: Evidence): readonly Phrase[] {
  const made = [...of('train'), ...of('import')];
  const models = factTexts(made, 'model');
  if (models.length === 0) return [];
  const classes = distinct(
    made.flatMap(({ facts }) => (facts['classes'] === undefined ? [] : [facts['classes']])),
  );
  const heads = classes.length === 1 ? say`, with ${String(classes[0])} classes` : undefined;
  return [
    say`The study is of ${listed(models.map(named))}${heads}.`,
    ...groupedBy(of('import'), ({ facts, options }) => [facts['model'], options?.['file']]).map(imported),
  ];
}

function named(model: string): Phrase {
  const family = describedModel(model)?.family;
  return family === undefined ? [modelLabel(model)] : say`${modelLabel(model)} (${families[family]})`;
}

function imported([task]: ReturnType<Evidence['of']>): Phrase {
  const file = textOf(option(task!, 'file'))?.split('/').at(-1);
  const sum = textOf(option(task!, 'sha256'));
  const from = file === undefined ? undefined : say` ${code(file)}`;
  const which = sum === undefined ? undefined : say` (SHA-256 ${code(sum)})`;
  return say`The weights of ${modelLabel(String(task!.facts['model'] ?? 'a model'))} were read from the checkpoint${from}${which}.`;
}

/** `3 seeds (0, 1, 2)`. */
export function seedsText(seeds: readonly unknown[]): string {
  return `${plural(seeds.length, 'seed')} (${seeds.map(String).join(', ')})`;
}
