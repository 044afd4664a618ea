/** What a pickle can hold here. Tuples and lists are both arrays. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly PickleValue[]
  | PickleDict
  | PickleGlobal
  | PickleObject;

/** Mutable while it is being built. */
export type PickleDict = Map<PickleValue, PickleValue>;

/** A name that the pickle would import. */
export interface PickleGlobal {
  readonly kind: 'global';
  /** E.g. `collections.OrderedDict`. */
  readonly name: string;
}

/** What a host made of a call or of a persistent id; opaque to the machine. */
export interface PickleObject {
  readonly kind: string;
}

/** Whether a value is a global or something that a host made. */
export function isObject(value: PickleValue | undefined): value is PickleObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Map) &&
    !(value instanceof Uint8Array)
  );
}
