import { chmod, copyFile, readFile, readdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { ActionResult } from '../../cache/action-store.ts';
import { digestOf } from '../../cache/digest.ts';
import { actionPath } from '../../cache/local/store-folder.ts';
import { openStore } from '../../cache/open-store.ts';
import {
  fingerprint,
  openSigningKey,
  parsePublicKey,
  verifyResult,
} from '../../cache/signatures/signature.ts';
import { storeStats } from '../../cache/upkeep/store-stats.ts';
import { verifyStore } from '../../cache/upkeep/verify-store.ts';
import { actionResult } from './support/action-results.ts';
import { as, person } from './support/people.ts';
import { describeActionStore } from './support/action-store-contract.ts';
import { expectKind } from './support/expect-kind.ts';
import { opened, temporaryStore } from './support/temporary-store.ts';

const text = '{"key":"k"}';

describe('a signature', () => {
  it('is by keys as RFC 8032 has them', () => {
    // Section 7.1, test 1: the secret key, in the frame that RFC 8410 gives it.
    const secret = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
    const der = Buffer.from(`302e020100300506032b657004220420${secret}`, 'hex').toString('base64');
    const key = openSigningKey(`-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n`);
    expect(key?.publicKey).toBe('ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=');
    expect(parsePublicKey(key!.publicKey)).toBe(key!.publicKey);
  });

  it.each([
    '',
    'ed25519:',
    'ed25519:AAAA',
    'rsa:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
    'ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  ])('knows that %j is no public key', (key) => expect(parsePublicKey(key)).toBeUndefined());

  it('is trusted, missing, of somebody unknown, or wrong', async () => {
    const [ada, eve] = [await person('ada'), await person('eve')];
    const listed = [{ name: 'ada', key: ada.key.publicKey }];
    const signature = ada.key.sign(text);
    expect(verifyResult(text, signature, listed)).toEqual({ kind: 'trusted', signer: 'ada' });
    expect(verifyResult(text, undefined, listed)).toEqual({ kind: 'unsigned' });
    const key = eve.key.publicKey;
    expect(verifyResult(text, eve.key.sign(text), listed)).toEqual({ kind: 'unknown-signer', key });
    // Under another's name.
    const forged = eve.key.sign(text).replace(eve.key.publicKey, ada.key.publicKey);
    expect(verifyResult(text, forged, listed)).toEqual({ kind: 'wrong' });
    expect(verifyResult(`${text} `, signature, listed)).toEqual({ kind: 'wrong' });
    for (const broken of [
      '',
      '{}',
      'null',
      '[]',
      '{',
      signature.slice(1),
      signature.replace('"format":1', '"format":2'),
    ])
      expect([broken, verifyResult(text, broken, listed).kind]).toEqual([broken, 'wrong']);
    const { signature: bytes } = JSON.parse(signature) as { signature: string };
    for (const changed of [bytes.slice(4), '', bytes.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))])
      expect(verifyResult(text, signature.replace(bytes, changed), listed)).toEqual({ kind: 'wrong' });
  });
});

describeActionStore('a local folder, by somebody who signs', async () => {
  const { keyFile } = await person('ada');
  const store = await temporaryStore({ signing: { demanded: false, signers: [], keyFile } });
  return {
    actions: store.actions,
    async damage(key, change) {
      const path = actionPath(store, key);
      await chmod(path, 0o644);
      await writeFile(path, change(await readFile(path)));
    },
  };
});

describe('a store that demands signatures', () => {
  const result = actionResult('a');
  const other: ActionResult = actionResult('a', { model: digestOf('other') });

  it('serves results of listed members, and to those who demand none all as before', async () => {
    const [ada, ben] = [await person('ada'), await person('ben')];
    const { root } = await temporaryStore();
    const hers = await as(ada, root, [ada]);
    expectKind(await hers.actions.put(result), 'stored');
    const his = await as(ben, root, [ben, ada]);
    expect(expectKind(await his.actions.get(result.key), 'found').result).toEqual(result);
    expect(his.untrusted?.()).toEqual([]);
    const plain = await opened({ dir: root });
    expect(expectKind(await plain.actions.get(result.key), 'found').result).toEqual(result);
    const keys: string[] = [];
    for await (const { key } of plain.actions.list()) keys.push(key);
    expect(keys).toEqual([result.key]);
  });

  it('serves nothing unsigned, nor signed by others, and names it; what is made anew counts beside it', async () => {
    const [ada, eve] = [await person('ada'), await person('eve')];
    const { root } = await temporaryStore();
    expectKind(await (await as(eve, root, [eve])).actions.put(other), 'stored');
    const hers = await as(ada, root, [ada]);
    expectKind(await hers.actions.get(result.key), 'absent');
    expect(hers.actions.peek(result.key)).toBeUndefined();
    expect(hers.untrusted?.()).toEqual([expect.stringContaining('nobody whose results you trust')]);
    expect(hers.untrusted?.()).toEqual([]);
    expectKind(await hers.actions.put(result), 'stored');
    expect(expectKind(await hers.actions.get(result.key), 'found').result).toEqual(result);
    // Each has their own; neither has lost anything.
    const hersStill = await as(eve, root, [eve]);
    expect(expectKind(await hersStill.actions.get(result.key), 'found').result).toEqual(other);
    // Who knows both keeps to the order of the list.
    const both = await as(undefined, root, [ada, eve]);
    expect(expectKind(await both.actions.put(other), 'exists')).toMatchObject({
      same: false,
      existing: result,
    });
  });

  it('serves nothing that was changed, or signed for another task, and names it', async () => {
    const ada = await person('ada');
    const { root } = await temporaryStore();
    const store = await as(ada, root, [ada]);
    const another = actionResult('another');
    for (const each of [result, another]) expectKind(await store.actions.put(each), 'stored');
    const signed = (of: ActionResult): string =>
      `${actionPath(store, of.key)}.${fingerprint(ada.key.publicKey)}`;
    const right = await readFile(signed(result), 'utf8');
    await chmod(signed(result), 0o644);
    for (const wrong of [
      right.replace('"durationMs":1234.5', '"durationMs":1234.6'),
      '',
      right.split('\n')[0]!,
    ]) {
      expect(wrong).not.toBe(right);
      await writeFile(signed(result), wrong);
      expectKind(await store.actions.get(result.key), 'absent');
      expect(store.untrusted?.()).toEqual([expect.stringContaining('is not what ada has signed')]);
    }
    await copyFile(signed(another), signed(result));
    expectKind(await store.actions.get(result.key), 'absent');
    expectKind(await store.actions.put(result), 'stored');
    expectKind(await store.actions.get(result.key), 'found');
  });

  it('lets somebody else vouch for a result by having come to the same', async () => {
    const [ada, ben] = [await person('ada'), await person('ben')];
    const { root } = await temporaryStore();
    expectKind(await (await as(ada, root, [ada])).actions.put(result), 'stored');
    const quiet = await opened({
      dir: root,
      signing: { demanded: false, signers: [], keyFile: ben.keyFile },
    });
    expect(expectKind(await quiet.actions.put(result), 'exists').same).toBe(true);
    expectKind(await (await as(undefined, root, [ben])).actions.get(result.key), 'found');
    expect(expectKind(await quiet.actions.put(other), 'exists').same).toBe(false);
    expect(
      expectKind(await (await as(undefined, root, [ben])).actions.get(result.key), 'found').result,
    ).toEqual(result);
  });

  it('may demand them of everybody, whatever they ask for', async () => {
    const [ada, ben] = [await person('ada'), await person('ben')];
    const { root } = await temporaryStore({ signed: true });
    expectKind(await (await opened({ dir: root })).actions.put(result), 'stored');
    expectKind(await (await opened({ dir: root })).actions.get(result.key), 'absent');
    const hers = await as(ada, root, [ada], false);
    expect(hers.signing?.demanded).toBe(true);
    expectKind(await hers.actions.get(result.key), 'absent');
    expectKind(await hers.actions.put(result), 'stored');
    expectKind(await hers.actions.get(result.key), 'found');
    expectKind(await (await as(ben, root, [ben], false)).actions.get(result.key), 'absent');

    // From a store of one's own on top of it, too; what one has made oneself stays one's own affair.
    const reader = await temporaryStore({ over: root });
    expectKind(await reader.actions.get(result.key), 'absent');
    expect(reader.untrusted?.()).toEqual([expect.stringContaining('nobody whose results you trust')]);
    expectKind(await reader.actions.put(other), 'stored');
    expect(expectKind(await reader.actions.get(result.key), 'found').result).toEqual(other);
    const signing = {
      demanded: false,
      signers: [{ name: 'ada', key: ada.key.publicKey }],
      keyFile: undefined,
    };
    const trusting = await temporaryStore({ over: root, signing });
    expect(expectKind(await trusting.actions.get(result.key), 'found').result).toEqual(result);
  });

  it('tells who has signed, and verifies it, whether they are believed or not', async () => {
    const [ada, ben] = [await person('ada'), await person('ben')];
    const { root } = await temporaryStore();
    const prints = [ada, ben].map(({ key }) => fingerprint(key.publicKey));
    for (const each of [ada, ben])
      expectKind(await (await as(each, root, [each])).actions.put(result), 'stored');
    const store = await as(undefined, root, [ada]);
    const stats = await storeStats(store);
    expect(stats).toMatchObject({ kind: 'stats', actions: 1, signed: { [prints[0]!]: 1, [prints[1]!]: 1 } });
    const clean = expectKind(await verifyStore({ store }), 'verified');
    expect([clean.read.get('signed result')?.count, clean.findings]).toEqual([2, []]);

    const path = `${actionPath(store, result.key)}.${prints[1]!}`;
    const text = await readFile(path, 'utf8');
    // His, under her name.
    for (const [at, wrong] of [
      [path, text.replace('1234.5', '1234.6')],
      [`${actionPath(store, result.key)}.${prints[0]!}`, text],
    ] as const) {
      await chmod(at, 0o644);
      await writeFile(at, wrong);
      const { findings } = expectKind(await verifyStore({ store }), 'verified');
      expect(findings).toEqual([
        expect.objectContaining({ what: 'signed result', path: at, movedTo: expect.any(String) as string }),
      ]);
      expectKind(await verifyStore({ store }), 'verified');
    }
  });

  it('holds no private key, and is refused with a file that has none', async () => {
    const ada = await person('ada');
    const { root } = await temporaryStore();
    expectKind(await (await as(ada, root, [ada])).actions.put(result), 'stored');
    const secret = (await readFile(ada.keyFile, 'utf8')).split('\n')[1]!;
    for (const name of await readdir(`${root}/ac`, { recursive: true })) {
      const content = await readFile(`${root}/ac/${name}`, 'utf8').catch(() => '');
      expect(content).not.toContain(secret);
    }
    await writeFile(ada.keyFile, 'no key');
    const signing = { demanded: false, signers: [], keyFile: ada.keyFile };
    expectKind(await openStore({ dir: root, signing }), 'store-failure');
  });
});
