import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { currentFingerprints, fingerprintFile } from '../support/kind-fingerprints.ts';
import type { Fingerprints } from '../support/kind-fingerprints.ts';
import { repositoryRoot } from '../support/shared.ts';

const recorded = JSON.parse(readFileSync(join(repositoryRoot, fingerprintFile), 'utf8')) as Fingerprints;

describe('no silent change of the maths is served from an old cache', () => {
  it.each(Object.entries(currentFingerprints()))('%s', (kind, now) => {
    const before = recorded[kind];
    expect(
      { version: before?.version, code: before?.code },
      `The code of '${kind}' changed. If its results did, bump its version. Either way: npm run fingerprints -- "what changed, or: same results"`,
    ).toEqual(now);
    expect(before?.word).not.toBe('');
  });
});
