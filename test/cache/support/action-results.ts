import type { ActionResult } from '../../../cache/action-store.ts';
import { digestOf, taskKeyOf } from '../../../cache/digest.ts';
import type { Digest } from '../../../cache/digest.ts';

/** A plausible result; `name` gives the key. */
export function actionResult(
  name: string,
  outputs: { readonly [output: string]: Digest } = {},
): ActionResult {
  return {
    format: 1,
    key: taskKeyOf(digestOf(name)),
    outputs: { model: digestOf(`${name}'s model`), ...outputs },
    provenance: {
      kind: 'train',
      startedAt: '2030-01-01T00:00:00.000Z',
      durationMs: 1234.5,
      deviceClass: 'cpu-t1',
      backend: 'none',
      versions: { node: '20.19.0' },
      peakMemoryBytes: 1e9,
      log: digestOf('log'),
      traits: { model: 'resnet20', sparsity: 0.36 },
      run: '20300101-000000-000-beef',
      member: 'ada',
    },
  };
}
