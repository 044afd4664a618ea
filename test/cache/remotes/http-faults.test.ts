import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../cache/digest.ts';
import { encodeManifest, makeManifest, manifestDigest } from '../../../cache/manifest-codec.ts';
import { httpRemote } from '../../../cache/remotes/http/http-remote.ts';
import type { Store } from '../../../cache/store.ts';
import { tieredStore } from '../../../cache/remotes/tiered-store.ts';
import { actionResult } from '../support/action-results.ts';
import { cacheServer } from '../support/cache-server.ts';
import type { Intercept } from '../support/cache-server.ts';
import { fill } from '../support/filled-store.ts';
import { hasNginx, nginx } from '../support/nginx.ts';
import { patientCall } from '../support/remote-contract.ts';
import { temporaryFolder, temporaryStore, unpublishedFiles } from '../support/temporary-store.ts';
import { remoteAt, tiersOver } from '../support/tiers.ts';

const content = Buffer.alloc(200_000, 'content');
const digest = digestOf(content);

async function reading(intercept: Intercept, timeoutMs?: number) {
  const server = await cacheServer(intercept);
  server.files.set(`/cas/${digest}`, content);
  const more = timeoutMs === undefined ? {} : { timeoutMs };
  const tiers = await tiersOver([remoteAt({ kind: 'http', url: server.url }, more)]);
  // Its manifest says how long it is.
  const listed = makeManifest([{ path: 'a', size: content.byteLength, sha256: digest }]);
  if (listed.kind !== 'decoded') throw new Error(listed.kind);
  await tiers.local.blobs.putBytes(encodeManifest(listed.manifest));
  await tiers.store.artifacts.manifest(manifestDigest(listed.manifest));
  return { server, ...tiers, read: () => tiers.store.blobs.read(digest) };
}

async function halfFetched(store: Store): Promise<readonly string[]> {
  return (await unpublishedFiles(store)).filter((name) => !name.includes('tmp-outages-'));
}

const onlyGets =
  (answer: (response: ServerResponse, request: IncomingMessage) => void): Intercept =>
  (request, response) => {
    if (request.method !== 'GET') return false;
    answer(response, request);
    return true;
  };

describe('a server that fails', () => {
  it.each<[string, RegExp, (response: ServerResponse) => void]>([
    [
      'dies in the middle of a body',
      /broke off/,
      (response) => {
        response.writeHead(200, { 'content-length': content.byteLength });
        response.write(content.subarray(0, 50_000), () => response.destroy());
      },
    ],
    [
      'dies in the middle of a long one',
      /broke off/,
      (response) => {
        response.writeHead(200, { 'content-length': 10_000_000 });
        response.write(content.subarray(0, 50_000), () => response.destroy());
      },
    ],
    ['has troubles of its own', /500/, (response) => void response.writeHead(500).end('oh')],
    ['closes without an answer', /./, (response) => void response.destroy()],
  ])('%s', async (_, words, answer) => {
    const { read, local, troubles, server } = await reading(onlyGets(answer));
    for (let tried = 0; tried < 5; tried++) expect((await read()).kind).toBe('absent');
    expect(troubles.at(-1)).toMatch(/left alone/);
    expect(troubles.at(-1)).toMatch(words);
    expect(troubles.filter((each) => each.includes('left alone'))).toHaveLength(1);
    // Twice each, and no more after three in a row.
    expect(server.requests.length).toBeLessThanOrEqual(6);
    expect(await halfFetched(local)).toEqual([]);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['less than there is', (response) => void response.writeHead(200).end(content.subarray(0, 10))],
    ['something else', (response) => void response.writeHead(200).end('<html>hello</html>')],
    ['what never ends', (response) => pour(response)],
  ])('sends %s', async (_, answer) => {
    const { local, troubles, read } = await reading(onlyGets(answer));
    expect((await read()).kind).toBe('absent');
    expect(troubles).toEqual([expect.stringContaining(digest)]);
    expect(await halfFetched(local)).toEqual([]);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['says nothing', () => undefined],
    [
      'stops speaking',
      (response) => {
        response.writeHead(200, { 'content-length': content.byteLength });
        response.write('c');
      },
    ],
    [
      'speaks a byte at a time',
      (response) => {
        response.writeHead(200, { 'content-length': content.byteLength });
        const speaking = setInterval(() => response.write('c'), 20);
        response.on('close', () => clearInterval(speaking));
      },
    ],
  ])('that %s is waited for once', async (_, answer) => {
    const { read, troubles, server, local } = await reading(onlyGets(answer), 300);
    const other = digestOf('other');
    expect((await read()).kind).toBe('absent');
    expect((await local.blobs.read(other)).kind).toBe('absent');
    expect((await read()).kind).toBe('absent');
    expect(server.requests.length).toBeLessThanOrEqual(1);
    expect(troubles).toEqual([
      expect.stringMatching(/left alone from here on: gave no sign of life for 0\.3 s/),
    ]);
  });

  it('is left alone by every process of a run', async () => {
    const { store, local, server, read } = await reading(
      onlyGets(() => undefined),
      300,
    );
    await read();
    const before = server.requests.length;
    const said: string[] = [];
    const another = tieredStore({
      local,
      ...store.remotes,
      env: {},
      onTrouble: (message) => void said.push(message),
    });
    expect((await another.blobs.read(digest)).kind).toBe('absent');
    expect([server.requests.length, said]).toEqual([before, []]);
  });

  it('redirects: within itself they are followed, elsewhere they are not', async () => {
    const elsewhere = await cacheServer();
    elsewhere.files.set(`/cas/${digest}`, content);
    const to =
      (location: (path: string) => string): Intercept =>
      (request, response) => {
        if (request.url?.startsWith('/cas/') !== true) return false;
        response.writeHead(307, { location: location(request.url) }).end();
        return true;
      };
    const away = await reading(to((path) => `${elsewhere.url}${path}`));
    expect((await away.read()).kind).toBe('absent');
    expect(away.troubles).toEqual([expect.stringContaining('sends us to another server')]);
    expect(elsewhere.requests).toEqual([]);

    const within = await reading(to((path) => `/moved${path}`));
    within.server.files.set(`/moved/cas/${digest}`, content);
    expect((await within.read()).kind).toBe('found');
  });
});

it('a call that is called off with the last bytes of its answer ends quietly', async () => {
  const stop = new AbortController();
  const server = await cacheServer((_, response) => Boolean(response.writeHead(200).end('no result')));
  const remote = httpRemote({ name: 'team', place: { kind: 'http', url: server.url } }, {});
  const { key } = actionResult('task');
  await remote.getAction(key, { signal: stop.signal, onBytes: () => stop.abort() });
  // Nobody reads the answer any more when it is told that it is broken off.
  await new Promise(setImmediate);
  expect(server.requests).toEqual([`GET /ac/${key}`]);
});

describe('what a server may not', () => {
  it('a server that takes nothing serves all the same', async () => {
    const own = await temporaryStore();
    const { result } = await fill(own, 'task', { 'a.txt': 'a' });
    const server = await cacheServer((request, response) => {
      if (request.method === 'PUT') response.writeHead(403).end();
      return request.method === 'PUT';
    });
    server.files.set(`/cas/${digest}`, content);
    const { push, store, troubles } = await tiersOver([remoteAt({ kind: 'http', url: server.url })], own);
    expect(await push(result.key)).toMatchObject({ results: 0, missing: 1 });
    expect(troubles).toEqual([expect.stringMatching(/left alone for writing .* 403/)]);
    expect((await store.blobs.read(digest)).kind).toBe('found');
  });

  it('is told of a result when all of it is there', async () => {
    const own = await temporaryStore();
    const { result, artifact } = await fill(own, 'task', { 'a.txt': 'a', 'big.bin': content });
    let lackedThen: readonly string[] | undefined;
    const server = await cacheServer((request) => {
      if (request.method === 'PUT' && request.url?.startsWith('/ac/') === true)
        lackedThen = blobs.filter((each) => !server.files.has(`/cas/${each}`));
      return false;
    });
    const blobs = [artifact, digest, digestOf('a'), result.key, result.provenance.log!];
    const { push } = await tiersOver([remoteAt({ kind: 'http', url: server.url })], own);
    expect(await push(result.key)).toMatchObject({ results: 1, missing: 0 });
    expect(lackedThen).toEqual([]);
  });
});

if (hasNginx)
  describe('nginx', () => {
    it('serves one person what another has pushed, with a password and a private authority', async () => {
      const tls = await privateAuthority();
      const passwords = join(await temporaryFolder(), 'passwords');
      await writeFile(passwords, 'ada:{PLAIN}secret\n');
      const { url } = await nginx({
        tls,
        inServer: `auth_basic team; auth_basic_user_file ${passwords};`,
      });
      const remote = (env: Record<string, string>, ca?: string) =>
        httpRemote(
          { name: 'my-team', place: { kind: 'http', url, ...(ca === undefined ? {} : { ca }) } },
          env,
        );
      const env = { SWEETSPOT_REMOTE_MY_TEAM_PASSWORD: 'ada:secret' };
      const looked = (of: typeof env | object, ca?: string) =>
        remote(of as Record<string, string>, ca).hasBlobs([digest], patientCall);
      expect(await looked(env, tls.certificate)).toEqual({ kind: 'looked', present: new Set() });
      expect(await looked({}, tls.certificate)).toMatchObject({ reason: 'refused' });
      const untrusted = await looked(env);
      expect(untrusted).toMatchObject({
        reason: 'unreachable',
        detail: expect.stringContaining('certificate') as string,
      });
      expect(JSON.stringify(untrusted)).not.toContain('secret');
    });
  });

async function privateAuthority(): Promise<{ readonly certificate: string; readonly key: string }> {
  const dir = await temporaryFolder();
  const [certificate, key] = [join(dir, 'certificate.pem'), join(dir, 'key.pem')];
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=team', '-addext', 'subjectAltName=IP:127.0.0.1', '-out', certificate, '-keyout', key],
  ]);
  if (made.status !== 0) throw new Error(made.stderr.toString());
  return { certificate, key };
}

/** Until nobody listens. */
function pour(response: ServerResponse): void {
  response.writeHead(200);
  const more = (): void => {
    while (!response.destroyed && response.write(content));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
}
