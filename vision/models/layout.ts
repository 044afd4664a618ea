import type { StateEntry } from './network.ts';

/** The bias-free convolution `NAME.weight`, [out, in, size, size]. */
export function convolutionEntries(name: string, out: number, input: number, size: number): StateEntry[] {
  return [{ name: `${name}.weight`, shape: [out, input, size, size], role: 'convolution', prunable: true }];
}

/** A batch norm's five entries, in PyTorch's order: parameters, then buffers. */
export function batchNormEntries(name: string, channels: number): StateEntry[] {
  const shape = [channels];
  return [
    { name: `${name}.weight`, shape, role: 'norm', prunable: false },
    { name: `${name}.bias`, shape, role: 'bias', prunable: false },
    { name: `${name}.running_mean`, shape, role: 'buffer', prunable: false },
    { name: `${name}.running_var`, shape, role: 'buffer', prunable: false },
    { name: `${name}.num_batches_tracked`, shape: [], role: 'counter', prunable: false },
  ];
}

/** A layer norm's weight and bias, [channels] each. */
export function layerNormEntries(name: string, channels: number): StateEntry[] {
  return [
    { name: `${name}.weight`, shape: [channels], role: 'norm', prunable: false },
    { name: `${name}.bias`, shape: [channels], role: 'bias', prunable: false },
  ];
}

/** A linear layer's weight [out, in] and bias [out]. */
export function linearEntries(name: string, out: number, input: number): StateEntry[] {
  return [
    { name: `${name}.weight`, shape: [out, input], role: 'linear', prunable: true },
    { name: `${name}.bias`, shape: [out], role: 'bias', prunable: false },
  ];
}

/** The convolution that cuts an image into patches: weight [out, 3, height, width] and bias [out]. */
export function patchEntries(
  name: string,
  out: number,
  [height, width]: readonly [number, number],
): StateEntry[] {
  return [
    { name: `${name}.weight`, shape: [out, 3, height, width], role: 'convolution', prunable: true },
    { name: `${name}.bias`, shape: [out], role: 'bias', prunable: false },
  ];
}

/** Number of values in an entry. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** How many weights pruning may reach: all Conv2d and Linear weights. */
export function prunableTotal(entries: readonly StateEntry[]): number {
  return entries.reduce((sum, entry) => (entry.prunable ? sum + sizeOf(entry.shape) : sum), 0);
}

/** Whether gradient descent changes the entry (buffers, counters and constants it does not). */
export function isParameter(entry: StateEntry): boolean {
  return entry.role !== 'buffer' && entry.role !== 'counter' && entry.role !== 'constant';
}
