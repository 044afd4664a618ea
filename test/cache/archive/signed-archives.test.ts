import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImportReport } from '../../../cache/archive/import-report.ts';
import { packTar } from '../../../cache/archive/tar/tar-writer.ts';
import { newPrivateKey, openSigningKey } from '../../../cache/signatures/signature.ts';
import type { SigningPolicy } from '../../../cache/signatures/signing-policy.ts';
import { temporaryFolder, temporaryStore } from '../support/temporary-store.ts';
import { filled, take, tarOf } from './made-archives.ts';
import { packed, readTar } from './tars.ts';

describe('signatures', () => {
  it('travel, and count where they are demanded', async () => {
    const dir = await temporaryFolder();
    const pem = newPrivateKey();
    await writeFile(join(dir, 'key.pem'), pem);
    const { publicKey } = openSigningKey(pem)!;
    const signed = await filled({ signing: { demanded: false, signers: [], keyFile: join(dir, 'key.pem') } });
    const bytes = await tarOf(signed);
    const demanding = (signers: SigningPolicy['signers']) =>
      temporaryStore({ signing: { demanded: true, signers, keyFile: undefined } });

    const ada = [{ name: 'ada', key: publicKey }];
    const trusting = await demanding(ada);
    expect(await take(trusting, bytes)).toMatchObject({ problems: [] });
    for (const key of signed.keys)
      expect(await trusting.actions.get(key)).toEqual(await signed.store.actions.get(key));
    // Handed on again, they are signed still.
    const further = await demanding(ada);
    expect((await take(further, await tarOf({ store: trusting, keys: signed.keys }))).taken.size).toBe(2);

    const stranger = openSigningKey(newPrivateKey())!.publicKey;
    for (const [signers, archive, words] of [
      [[{ name: 'ben', key: stranger }], bytes, /nobody whose results you trust has signed it/],
      [ada, await tarOf(await filled()), /nobody has signed it, and this store demands signatures/],
    ] as const) {
      const store = await demanding(signers);
      const report = await take(store, archive);
      expect(worstOf(report)).toEqual(['untrusted', 'untrusted']);
      expect(report.problems[0]?.detail).toMatch(words);
      expect(report.taken.size).toBe(0);
    }

    const { members } = await readTar(bytes);
    const forged = members.map(({ name, content }) => ({
      name,
      sizeBytes: content.length,
      bytes: [
        Buffer.from(
          name.includes('.') && name.includes('results') ? content.replace('1234.5', '1234.6') : content,
          'latin1',
        ),
      ],
    }));
    const report = await take(await demanding(ada), await packed(packTar(forged)));
    expect(worstOf(report)).toEqual(['untrusted', 'untrusted']);
  });

  const worstOf = ({ problems }: ImportReport): readonly string[] => problems.map(({ reason }) => reason);
});
