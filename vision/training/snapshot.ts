import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tf } from '../tensors/index.ts';
import { float32Tensor, toFloat32, type RawTensor } from '../weights/raw-tensor.ts';
import { FileSource } from '../weights/byte-source.ts';
import { readSafetensors } from '../weights/safetensors.ts';
import { writeSafetensors } from '../weights/write-safetensors.ts';
import type { Position } from './position.ts';
import type { TrainingState } from './step.ts';

/** Writes a snapshot into the empty folder `dir`. */
export async function writeSnapshot(dir: string, state: TrainingState, position: Position): Promise<void> {
  const tensors = new Map<string, RawTensor>();
  for (const [name, tensor] of named(state))
    tensors.set(name, float32Tensor(tensor.shape, (await tensor.data()) as Float32Array));
  await writeSafetensors(join(dir, 'training.safetensors'), tensors);
  await writeFile(join(dir, 'training.json'), JSON.stringify({ format: 1, ...position }));
}

/** Reads a snapshot. Its checksums held, so anything wrong with it is a bug. The caller owns the state. */
export async function readSnapshot(
  dir: string,
): Promise<{ readonly state: TrainingState; readonly position: Position }> {
  const position = JSON.parse(await readFile(join(dir, 'training.json'), 'utf8')) as Position;
  await using file = await FileSource.open(join(dir, 'training.safetensors'));
  const read = await readSafetensors(file);
  if (read.kind !== 'read') throw new Error(`the snapshot in ${dir}: ${read.detail}`);
  const tensors = new Map<string, tf.Tensor>();
  for (const [name, stored] of read.tensors) {
    tensors.set(name, tf.tensor(toFloat32(await stored.load()), [...stored.shape]));
  }
  const vector = (name: string): tf.Tensor1D => tensors.get(name) as tf.Tensor1D;
  const buffers = [...tensors].filter(([name]) => name.startsWith('buffers/'));
  return {
    position,
    state: {
      parameters: vector('parameters'),
      velocity: vector('velocity'),
      meters: vector('meters'),
      buffers: new Map(buffers.map(([name, tensor]) => [name.slice('buffers/'.length), tensor])),
    },
  };
}

function named({ parameters, velocity, meters, buffers }: TrainingState): [string, tf.Tensor][] {
  return [
    ['parameters', parameters],
    ['velocity', velocity],
    ['meters', meters],
    ...[...buffers].map(([name, tensor]): [string, tf.Tensor] => [`buffers/${name}`, tensor]),
  ];
}
