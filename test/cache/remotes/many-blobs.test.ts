import type { ServerResponse } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { digestOf } from '../../../cache/digest.ts';
import { encodeManifest, makeManifest, manifestDigest } from '../../../cache/manifest-codec.ts';
import { cacheServer } from '../support/cache-server.ts';
import { remoteAt, tiersOver } from '../support/tiers.ts';

it('many small files of an artifact are on their way together, and of large ones a few', async () => {
  const file = (path: string, size: number) => ({ path, size, sha256: digestOf(path) });
  const files = [
    ...Array.from({ length: 40 }, (_, index) => file(`small-${index}`, 10)),
    ...Array.from({ length: 9 }, (_, index) => file(`large-${index}`, 8_000_000)),
  ];
  const paths = new Map(files.map(({ path, sha256 }) => [`/cas/${sha256}`, path]));
  const waiting = { small: new Set<ServerResponse>(), large: new Set<ServerResponse>() };
  const most = { small: 0, large: 0 };
  const server = await cacheServer((request, response) => {
    const path = paths.get(request.url!)!;
    const sort = path.startsWith('small') ? 'small' : 'large';
    waiting[sort].add(response);
    // None is answered before as many ask as do so together.
    if (waiting.small.size < 16 && most.small < 16) return true;
    if (waiting.large.size < 4 && most.large < 4) return true;
    for (const each of ['small', 'large'] as const) {
      most[each] = Math.max(most[each], waiting[each].size);
      for (const held of waiting[each]) held.end(pathOf(held));
      waiting[each].clear();
    }
    return true;
  });
  const pathOf = ({ req }: ServerResponse): string => paths.get(req.url!)!;
  const warnings: string[] = [];
  const note = ({ message }: Error): void => void warnings.push(message);
  process.on('warning', note);
  onTestFinished(() => void process.off('warning', note));
  const listed = makeManifest(files);
  if (listed.kind !== 'decoded') throw new Error(listed.kind);
  const { store, local, troubles } = await tiersOver([remoteAt({ kind: 'http', url: server.url })]);
  await local.blobs.putBytes(encodeManifest(listed.manifest));
  await store.bring?.(manifestDigest(listed.manifest), new AbortController().signal);
  expect(most).toEqual({ small: 16, large: 4 });
  expect(troubles).toEqual([]);
  for (const { sha256 } of files) expect(await local.blobs.has(sha256)).toBe(true);
  expect(server.requests).toHaveLength(files.length);
  // Of listeners that add up, say.
  expect(warnings).toEqual([]);
});
