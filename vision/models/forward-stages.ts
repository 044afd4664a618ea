import { tf } from '../tensors/index.ts';
import type { Layers } from './layer-set.ts';
import { layersOf } from './layers.ts';
import type { ForwardRequest } from './network.ts';

/** One named stage: a pure function of the layers' state and its input. */
export interface Stage {
  readonly name: string;
  /** Takes the stage before's output, whatever rank that has: maps [batch, height, width, channels] but for tokens. */
  readonly run: (layers: Layers, input: tf.Tensor4D) => tf.Tensor;
}

/** Runs the stages after `from` up to and including `until`. The caller owns the result and the `updates`. */
export function forwardThrough(stages: readonly Stage[], request: ForwardRequest): tf.Tensor {
  const first = request.from === undefined ? 0 : indexOf(stages, request.from) + 1;
  const last = request.until === undefined ? stages.length - 1 : indexOf(stages, request.until);
  if (first > last)
    throw new Error(`no stage lies after '${request.from ?? ''}' up to '${request.until ?? ''}'`);
  const layers = layersOf(request);
  return tf.tidy(() => {
    let value: tf.Tensor = request.input;
    for (const stage of stages.slice(first, last + 1))
      value = layers.tap(stage.name, stage.run(layers, value as tf.Tensor4D));
    return value;
  });
}

function indexOf(stages: readonly Stage[], name: string): number {
  const index = stages.findIndex((stage) => stage.name === name);
  if (index < 0)
    throw new Error(`no stage '${name}'; the stages are ${stages.map((stage) => stage.name).join(', ')}`);
  return index;
}
