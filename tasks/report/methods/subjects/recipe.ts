import type { Json, JsonObject } from '../../../../cache/json.ts';
import { plural } from '../../page/numbers.ts';
import { numberOf, textOf, written } from '../evidence.ts';
import { cite, say } from '../phrase.ts';
import type { Phrase } from '../phrase.ts';
import {
  cubuk2019,
  cubuk2020,
  hoffer2020,
  kingma2015,
  loshchilov2017,
  loshchilov2019,
  muller2021,
  pascanu2013,
  polyak1992,
  sutskever2013,
  szegedy2016,
  tieleman2012,
  yun2019,
  zhang2018mixup,
  zhong2020,
} from '../works/training.ts';

/** A recipe, one clause a thing done; fields that it leaves out were not used, or stand in the checkpoint that it goes on from. */
export function recipeClauses(recipe: JsonObject): readonly Phrase[] {
  return [
    optimiser(recipe),
    batch(recipe),
    rate(recipe),
    ...regularisers(recipe),
    ...augmentations(recipe),
  ].filter((clause) => clause !== undefined);
}

function optimiser(recipe: JsonObject): Phrase | undefined {
  const kind =
    textOf(field(recipe, 'optimizer')['kind']) ?? (recipe['momentum'] === undefined ? undefined : 'sgd');
  if (kind === undefined) return undefined;
  const decay = numberOf(recipe['weight_decay']);
  const shares = [
    kind === 'sgd' || kind === 'rmsprop' ? `momentum ${written(recipe['momentum'] ?? 0)}` : '',
    decay === undefined ? '' : `weight decay ${decay}${spared(recipe)}`,
  ].filter((text) => text !== '');
  const details = shares.length === 0 ? '' : ` (${shares.join(', ')})`;
  return say`${optimiserNames[kind] ?? kind}${details}`;
}

/** What the weight decay does not reach. */
function spared(recipe: JsonObject): string {
  const free = ['norm', 'bias', 'embedding'].filter((group) => recipe[`${group}_weight_decay`] === 0);
  return free.length === 0 ? '' : `, none on ${free.map((group) => groupNames[group]).join(', ')}`;
}

const groupNames: { readonly [group: string]: string } = {
  norm: 'norms',
  bias: 'biases',
  embedding: 'embeddings',
};

const optimiserNames: { readonly [kind: string]: Phrase } = {
  sgd: say`stochastic gradient descent with momentum${cite(sutskever2013)}`,
  adam: say`Adam${cite(kingma2015)}`,
  adamw: say`AdamW${cite(loshchilov2019)}`,
  rmsprop: say`RMSProp${cite(tieleman2012)}`,
};

function batch({ batch: size, accumulate }: JsonObject): Phrase | undefined {
  const images = numberOf(size);
  if (images === undefined) return undefined;
  return say`batches of ${plural(images * (numberOf(accumulate) ?? 1), 'image')}`;
}

function rate(recipe: JsonObject): Phrase | undefined {
  const start = numberOf(recipe['learning_rate']);
  if (start === undefined) return undefined;
  const schedule = field(recipe, 'schedule');
  const warmup = field(recipe, 'warmup');
  const epochs = numberOf(warmup['epochs']) ?? 0;
  const warm =
    epochs === 0
      ? ''
      : ` after a ${textOf(warmup['kind']) ?? ''} warm-up of ${plural(epochs, 'epoch')} from ${written(warmup['factor'])} times that`;
  return say`a learning rate of ${String(start)}${warm}${fall(schedule)}`;
}

function fall(schedule: JsonObject): Phrase | undefined {
  const number = (name: string): string => written(schedule[name]);
  switch (schedule['kind']) {
    case 'constant':
      return say`, constant`;
    case 'step':
      return say`, multiplied by ${number('factor')} every ${number('every')} epochs`;
    case 'multistep':
      return say`, multiplied by ${number('factor')} at epochs ${(schedule['at'] as readonly number[]).join(', ')}`;
    case 'exponential':
      return say`, multiplied by ${number('factor')} after each epoch`;
    case 'cosine':
      return say`, falling along a cosine${cite(loshchilov2017)} to ${number('minimum')}`;
    default:
      return undefined;
  }
}

function regularisers(recipe: JsonObject): readonly (Phrase | undefined)[] {
  const clip = numberOf(recipe['clip_grad_norm']);
  const decay = field(recipe, 'ema')['decay'];
  return [
    on(recipe['label_smoothing'], (share) => say`label smoothing of ${share}${cite(szegedy2016)}`),
    on(recipe['mixup'], (alpha) => say`mixup${cite(zhang2018mixup)} (alpha ${alpha})`),
    on(recipe['cutmix'], (alpha) => say`CutMix${cite(yun2019)} (alpha ${alpha})`),
    clip === undefined ? undefined : say`gradients clipped to a norm of ${String(clip)}${cite(pascanu2013)}`,
    decay === undefined
      ? undefined
      : say`a moving average of the weights${cite(polyak1992)} (decay ${written(decay)})`,
  ];
}

function augmentations(recipe: JsonObject): readonly (Phrase | undefined)[] {
  const crop = field(recipe, 'crop');
  const policy = field(recipe, 'augmentation');
  const repeats = numberOf(recipe['repeats']) ?? 1;
  return [
    crop['kind'] === 'padded'
      ? say`crops moved at random by up to ${plural(Number(crop['padding']), 'pixel')}`
      : undefined,
    crop['kind'] === 'resized' ? say`random crops of ${range(crop['scale'])} of the area` : undefined,
    recipe['flip'] === true ? say`random mirroring` : undefined,
    policies[textOf(policy['kind']) ?? '']?.(policy),
    on(recipe['random_erasing'], (share) => say`random erasing${cite(zhong2020)} (probability ${share})`),
    repeats > 1
      ? say`each image ${String(repeats)} times in a batch order, changed otherwise each time${cite(hoffer2020)}`
      : undefined,
  ];
}

const policies: { readonly [kind: string]: (policy: JsonObject) => Phrase } = {
  'auto-augment': () => say`AutoAugment${cite(cubuk2019)}`,
  'rand-augment': (policy) =>
    say`RandAugment${cite(cubuk2020)} (${plural(Number(policy['operations']), 'operation')}, magnitude ${written(policy['magnitude'])})`,
  'trivial-augment-wide': () => say`TrivialAugment (wide)${cite(muller2021)}`,
};

/** A field that is an object; an empty one where there is none. */
function field(recipe: JsonObject, name: string): JsonObject {
  return (recipe[name] ?? {}) as JsonObject;
}

/** Nothing where the amount is zero or not said. */
function on(amount: Json | undefined, clause: (amount: string) => Phrase): Phrase | undefined {
  return typeof amount === 'number' && amount > 0 ? clause(String(amount)) : undefined;
}

function range(value: Json | undefined): string {
  const [low, high] = Array.isArray(value) ? value.map((share) => Number(share)) : [];
  return `${percentOf(low)} to ${percentOf(high)}`;
}

function percentOf(share: number | undefined): string {
  return `${Number(((share ?? 0) * 100).toFixed(1))}\u202f%`;
}
