import { WeightsError } from './failure.ts';
import { isObject, type PickleValue } from './pickle-value.ts';
import { shortName } from './plain-names.ts';
import type { TorchTensor } from './torch-tensors.ts';

type Mapping = ReadonlyMap<PickleValue, PickleValue>;

/** Under which names training scripts keep a model's weights; averaged ones only where there are no others. */
const wrappers = [
  'state_dict',
  'model',
  'model_state_dict',
  'model_ema',
  'state_dict_ema',
  'ema_state_dict',
  'ema',
];

/** Wrappers may lie in each other. */
const deepest = 3;

interface FoundStateDict {
  readonly dict: Mapping;
  /** Where it was found: keys one in the other, with dots; undefined: at the top. */
  readonly key: string | undefined;
  /** Where tensors lie beside it. */
  readonly others: readonly string[];
}

/** The state dict of a saved value: under `key` where one is given, else under one of the usual names, else at the top. */
export function stateDictIn(value: PickleValue, key: string | undefined): FoundStateDict {
  if (!(value instanceof Map))
    throw new WeightsError('no-state-dict', 'the file holds no mapping of names to tensors');
  const first = key ?? wrapperOf(value);
  if (first === undefined) return { dict: value, key: undefined, others: [] };
  const others = keysWithTensors(value).filter((other) => other !== first);
  const inner: unknown = value.get(first);
  if (!(inner instanceof Map)) throw new WeightsError('no-state-dict', nothingUnder(first, others));
  const path = [first];
  let dict = inner as Mapping;
  for (let next = wrapperOf(dict); next !== undefined && path.length < deepest; next = wrapperOf(dict)) {
    dict = dict.get(next) as Mapping;
    path.push(next);
  }
  return { dict, key: path.join('.'), others };
}

export function isTensor(value: PickleValue): value is TorchTensor {
  return isObject(value) && value.kind === 'tensor';
}

function wrapperOf(dict: Mapping): string | undefined {
  return wrappers.find((name) => dict.get(name) instanceof Map);
}

function keysWithTensors(value: Mapping): readonly string[] {
  const keys: string[] = [];
  for (const [name, inner] of value)
    if (typeof name === 'string' && inner instanceof Map && holdsTensors(inner)) keys.push(name);
  return keys.slice(0, 10).map(shortName);
}

/** Looks at the first few: one mapping may lie under any number of keys. */
function holdsTensors(dict: Mapping): boolean {
  let looked = 0;
  for (const value of dict.values()) {
    if (isTensor(value)) return true;
    looked += 1;
    if (looked === 100) break;
  }
  return wrapperOf(dict) !== undefined;
}

function nothingUnder(key: string, others: readonly string[]): string {
  const there = others.map((name) => `'${name}'`).join(', ');
  return `the file has no weights under '${key}'${there === '' ? '' : `: there are ${there}`}`;
}
