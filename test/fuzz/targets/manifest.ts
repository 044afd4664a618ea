import { digestOf } from '../../../cache/digest.ts';
import { decodeManifest, encodeManifest, manifestDigest } from '../../../cache/manifest-codec.ts';
import type { Target } from '../target.ts';

const files = ['a', 'b/c.txt', 'b/d', 'é'].map((path, size) => ({ path, size, sha256: digestOf(path) }));

/** What names the files of an artifact. */
export const manifest: Target = {
  name: 'manifest',
  seeds: () => Promise.resolve([Buffer.from(encodeManifest({ format: 1, files }))]),
  words: ['../', '/', '\\', '"path":', '"__proto__":', '{', '[', '\\ud800', '\\u0000', '1e999', ',', 'null'],
  read: (input) => {
    const decoded = decodeManifest(input);
    if (decoded.kind === 'decoded') {
      if (manifestDigest(decoded.manifest) !== digestOf(input))
        throw new Error('decoded, and has another digest');
    } else if (decoded.problems.length === 0) throw new Error('refused without a reason');
    return Promise.resolve();
  },
};
