import type { Provenance } from '../../cache/action-store.ts';

/** What a result was made on, as far as its bytes may depend on it: `cpu-t1`, `gpu-h200, tensorflow 2.21.0`. */
export function madeOn({ deviceClass, backend, versions }: Provenance): string {
  const version = versions[backend];
  if (backend === 'none') return deviceClass;
  return `${deviceClass}, ${backend}${version === undefined ? '' : ` ${version}`}`;
}
