import type { tf } from '../tf.ts';
import { nativeBackend } from './backend.ts';
import type { AttributeValue } from './node.ts';

/** A tensor's shape and type. */
export interface TensorForm {
  readonly shape: readonly number[];
  readonly dtype: tf.DataType;
}

export function formOf({ shape, dtype }: TensorForm): TensorForm {
  return { shape, dtype };
}

/** The type as a node's attribute. */
export function typeOf({ dtype }: Pick<TensorForm, 'dtype'>): AttributeValue {
  return { kind: 'type', value: nativeBackend().getDTypeInteger(dtype) };
}
