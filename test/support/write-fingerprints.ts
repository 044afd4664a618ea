import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { currentFingerprints, fingerprintFile } from './kind-fingerprints.ts';
import type { Fingerprints } from './kind-fingerprints.ts';
import { repositoryRoot } from './shared.ts';

/** `npm run fingerprints -- "same results: renamed a variable"`: records the code of every kind that changed, with the word on it. */
const word = process.argv.slice(2).join(' ').trim();
if (word === '') {
  console.error(
    'Say why: npm run fingerprints -- "same results: …"   or bump the version of the kinds that changed and say what did.',
  );
  process.exit(2);
}
const path = join(repositoryRoot, fingerprintFile);
let recorded: Fingerprints = {};
try {
  recorded = JSON.parse(readFileSync(path, 'utf8')) as Fingerprints;
} catch {
  // The first record of all.
}
const next: Record<string, Fingerprints[string]> = {};
for (const [kind, now] of Object.entries(currentFingerprints())) {
  const before = recorded[kind];
  const same = before?.code === now.code && before.version === now.version;
  next[kind] = same ? before : { ...now, word };
  if (!same) console.log(`${kind}: ${word}`);
}
writeFileSync(path, `${JSON.stringify(next, null, 2)}\n`);
