import { taskKinds } from '../../tasks/registry.ts';
import { codeFingerprint } from './fingerprint.ts';

export const fingerprintFile = 'test/tasks/fingerprints.json';

export interface Fingerprint {
  readonly version: string;
  readonly code: string;
  /** What was said when this code was recorded: `same results: …`, or what the new version does differently. */
  readonly word: string;
}

export type Fingerprints = { readonly [kind: string]: Fingerprint };

/** Each kind's version and the fingerprint of its contract, defaults and code. */
export function currentFingerprints(): { readonly [kind: string]: Omit<Fingerprint, 'word'> } {
  return Object.fromEntries(
    taskKinds.map((kind) => [
      kind.kind,
      {
        version: typeof kind.version === 'number' ? String(kind.version) : 'by options',
        code: codeFingerprint(`tasks/${kind.kind}/index.ts`),
      },
    ]),
  );
}
