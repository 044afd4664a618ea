import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileSource } from '../weights/byte-source.ts';
import { float32Tensor, toFloat32 } from '../weights/raw-tensor.ts';
import { readSafetensors } from '../weights/safetensors.ts';
import { writeSafetensors } from '../weights/write-safetensors.ts';
import type { Position } from './position.ts';

/** A training that stopped: what its programs held, by name, and where it stood. */
export interface Snapshot {
  readonly values: ReadonlyMap<string, Float32Array>;
  readonly position: Position;
}

const format = 2;

/** Writes a snapshot into the empty folder `dir`. */
export async function writeSnapshot(dir: string, { values, position }: Snapshot): Promise<void> {
  const tensors = [...values].map(([name, value]) => [name, float32Tensor([value.length], value)] as const);
  await writeSafetensors(join(dir, 'training.safetensors'), new Map(tensors));
  await writeFile(join(dir, 'training.json'), JSON.stringify({ format, ...position }));
}

/**
 * Reads a snapshot; undefined where another version of this program wrote it, so that training starts again. Its
 * checksums held: anything else wrong with it is a bug.
 */
export async function readSnapshot(dir: string): Promise<Snapshot | undefined> {
  const { format: written, ...position } = JSON.parse(
    await readFile(join(dir, 'training.json'), 'utf8'),
  ) as Position & { readonly format: number };
  if (written !== format) return undefined;
  await using file = await FileSource.open(join(dir, 'training.safetensors'));
  const read = await readSafetensors(file);
  if (read.kind !== 'read') throw new Error(`the snapshot in ${dir}: ${read.detail}`);
  const values = new Map<string, Float32Array>();
  for (const [name, stored] of read.tensors) values.set(name, toFloat32(await stored.load()));
  return { values, position };
}
