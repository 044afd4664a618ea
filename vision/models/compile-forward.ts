import { compileRows, type RowFunction, type RowsRequest } from '../tensors/index.ts';
import type { ForwardRequest, Network } from './network.ts';

export interface CompileRequest extends RowsRequest, Pick<ForwardRequest, 'state' | 'from' | 'until'> {}

/**
 * A network in evaluation, prepared for many batches: what it makes of its state alone, such as folded batch norms, is made
 * once. The state must not change, and must stay until `dispose`. `shape` is that of the largest batch of images, [batch,
 * height, width, channels], and `runs` the number of batches.
 */
export function compileForward(network: Network, { shape, runs, ...request }: CompileRequest): RowFunction {
  return compileRows((input) => network.forward({ ...request, input }), { shape, runs });
}
