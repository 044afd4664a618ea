export const counters = [
  'hits',
  'refused',
  'fetchedBlobs',
  'fetchedBytes',
  'sentBlobs',
  'sentBytes',
  'savedGpuMs',
  'savedCpuMs',
] as const;

/**
 * What a remote has been good for. `hits`: results taken over, and with them `savedGpuMs` and `savedCpuMs` of computing; `refused`: results
 * and blobs that were wrong, or not trusted.
 */
export type RemoteUse = { [counter in (typeof counters)[number]]: number };

export function noUse(): RemoteUse {
  return Object.fromEntries(counters.map((counter) => [counter, 0])) as RemoteUse;
}
