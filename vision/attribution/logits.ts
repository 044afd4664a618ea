import type { Logits, Targets } from './differentiable.ts';

/** The class of the highest logit of each image, the first among equals. */
export function highestClass({ classes, data }: Logits): Int32Array {
  return Int32Array.from({ length: data.length / classes }, (_, image) => {
    const row = data.subarray(image * classes, (image + 1) * classes);
    return row.reduce((best, value, index) => (value > row[best]! ? index : best), 0);
  });
}

/** The class that each image is explained for. */
export function chosenClasses(targets: Targets, logits: Logits): Int32Array {
  return targets === 'predicted' ? highestClass(logits) : targets;
}

export function logitOf({ classes, data }: Logits, image: number, target: number): number {
  return data[image * classes + target]!;
}

/** Logits of batches after one another. */
export function joinLogits(batches: readonly Logits[]): Logits {
  const [first] = batches;
  if (first === undefined) throw new RangeError('no images');
  if (batches.length === 1) return first;
  const data = new Float32Array(batches.reduce((sum, batch) => sum + batch.data.length, 0));
  let place = 0;
  for (const batch of batches) {
    data.set(batch.data, place);
    place += batch.data.length;
  }
  return { classes: first.classes, data };
}
