import { categories } from './categories.ts';
import { imagenetClassesOf } from './imagenet-classes.ts';

/**
 * How a model's classes answer for the categories of a set. Only mapped categories can be chosen; images of the others
 * cannot be judged and are left out.
 */
export interface ClassMap {
  readonly name: string;
  readonly entries: readonly ClassMapEntry[];
}

interface ClassMapEntry {
  readonly category: string;
  /** Indices of the model's classes, at least one. */
  readonly classes: readonly number[];
}

/** The 16 categories from the 1,000 classes of ImageNet, in torchvision's order. */
export const imagenetMap: ClassMap = {
  name: 'imagenet',
  entries: categories.map((category) => ({ category, classes: imagenetClassesOf[category] })),
};

/** CIFAR-10's names for what it shares with the 16 categories; deer, frog and horse have no counterpart. */
const cifar10Names: { readonly [category: string]: readonly string[] } = {
  airplane: ['airplane'],
  bird: ['bird'],
  boat: ['ship'],
  car: ['automobile'],
  cat: ['cat'],
  dog: ['dog'],
  truck: ['truck'],
};

/** Names that `class_map` may take. */
export const classMapNames: readonly ClassMapName[] = ['auto', 'identity', 'imagenet', 'cifar10'];

export type ClassMapName = 'auto' | 'identity' | 'imagenet' | 'cifar10';

export type ClassMapResult =
  | { readonly kind: 'mapped'; readonly map: ClassMap }
  /** `message` says what does not fit. */
  | { readonly kind: 'unmappable'; readonly message: string };

export interface ClassMapRequest {
  /** A name, or for each category the names of the model's classes that mean it. */
  readonly wanted: ClassMapName | { readonly [category: string]: readonly string[] };
  /** The model's classes in the order of its logits. */
  readonly modelClasses: readonly string[];
  /** The classes of the set that is evaluated. */
  readonly setClasses: readonly string[];
}

/**
 * Resolves a class map for one model and set. `auto` takes the identity where the set's classes are all the model's,
 * ImageNet's map for 1,000 classes, and CIFAR-10's where its ten names are the model's.
 */
export function resolveClassMap({ wanted, modelClasses, setClasses }: ClassMapRequest): ClassMapResult {
  if (typeof wanted !== 'string') return fromNames('custom', wanted, modelClasses);
  switch (wanted) {
    case 'identity':
      return identity(modelClasses, setClasses);
    case 'imagenet':
      return modelClasses.length === 1000
        ? { kind: 'mapped', map: imagenetMap }
        : unmappable(`the map of ImageNet needs 1,000 classes, the model has ${modelClasses.length}`);
    case 'cifar10':
      return fromNames('cifar10', cifar10Names, modelClasses);
    case 'auto': {
      if (setClasses.every((name) => modelClasses.includes(name))) return identity(modelClasses, setClasses);
      if (modelClasses.length === 1000) return { kind: 'mapped', map: imagenetMap };
      const cifar = fromNames('cifar10', cifar10Names, modelClasses);
      if (cifar.kind === 'mapped') return cifar;
      return unmappable(
        `no map from the model's ${modelClasses.length} classes to ${setClasses.join(', ')}: give class_map`,
      );
    }
  }
}

/** Classes of the same name. A set may have more categories than the model: those are left out. */
function identity(modelClasses: readonly string[], setClasses: readonly string[]): ClassMapResult {
  const entries = setClasses.flatMap((category) => {
    const index = modelClasses.indexOf(category);
    return index < 0 ? [] : [{ category, classes: [index] }];
  });
  if (entries.length === 0) return unmappable('the model and the set have no class name in common');
  return { kind: 'mapped', map: { name: 'identity', entries } };
}

function fromNames(
  name: string,
  names: { readonly [category: string]: readonly string[] },
  modelClasses: readonly string[],
): ClassMapResult {
  const missing = Object.values(names)
    .flat()
    .filter((each) => !modelClasses.includes(each));
  if (missing.length > 0) return unmappable(`the model has no class ${missing.join(', ')}`);
  const entries = Object.entries(names).map(([category, members]) => ({
    category,
    classes: members.map((member) => modelClasses.indexOf(member)),
  }));
  return { kind: 'mapped', map: { name, entries } };
}

function unmappable(message: string): ClassMapResult {
  return { kind: 'unmappable', message };
}
