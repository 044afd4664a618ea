import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exitCode } from '../../../cli/exit-codes.ts';
import { publishedDataSets } from '../../../cli/fetch/published.ts';
import { buildProgram } from '../../../cli/program.ts';
import { oodSets } from '../../../vision/ood/sets.ts';
import { sharedDir } from '../../support/shared.ts';
import { captureIo } from '../capture-io.ts';
import { tarGz, zip } from './archives.ts';
import { fileServer } from './file-server.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sweetspot-data-fetch-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true });
});

async function call(
  ...words: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const io = captureIo({ cwd: dir });
  const code = await buildProgram(io).run(['data', 'fetch', ...words]);
  return { code, out: io.stdout(), err: io.stderr() };
}

describe('data fetch', () => {
  it('lists what there is, all 17 sets and the human decisions', async () => {
    const { code, out } = await call();
    expect(code).toBe(exitCode.done);
    for (const { name } of [...oodSets, { name: 'humans' }])
      expect(out).toMatch(new RegExp(`^${name} `, 'm'));
    for (const { url } of publishedDataSets) expect(url).toMatch(/^https:/);
  });

  it('says what is wrong with the command line', async () => {
    expect(await call('edgy')).toMatchObject({
      code: exitCode.usage,
      err: expect.stringContaining("'edgy'") as string,
    });
    expect((await call('edge', 'sketch', '--url', 'http://x/y')).err).toContain('of one data set');
    expect((await call('edge', '--sha256', 'abc')).err).toContain('64 hexadecimal digits');
    expect((await call('edge', '--url', 'file:///etc/passwd')).err).toContain('http:// or https://');
  });

  it('puts a set in its place, and says what it was compared with', async () => {
    const server = await fileServer();
    const archive = zip([{ path: 'edge/cat/cat1.png', content: 'a cat' }]);
    server.serve('/edge.zip', { content: archive });
    const sum = createHash('sha256').update(archive).digest('hex');
    const words = ['edge', '--into', 'sets', '--url', `${server.origin}/edge.zip`];
    const first = await call(...words);
    expect(first).toMatchObject({ code: exitCode.done });
    expect(first.out).toContain(`sets/edge  1 file, ${archive.length} B, SHA-256 ${sum}`);
    expect(first.out).toContain('no sum is published to compare it with');
    expect(await readFile(join(dir, 'sets/edge/cat/cat1.png'), 'utf8')).toBe('a cat');
    expect((await call(...words)).out).toContain('there already');
    await rm(join(dir, 'sets/edge'), { recursive: true });
    expect((await call(...words)).out).toContain('the same as the first time');
    await rm(join(dir, 'sets'), { recursive: true });
    expect((await call(...words, '--sha256', sum.toUpperCase())).out).toContain('as its stated sum says');
  });

  it('leaves with a code for what was in the way', async () => {
    const server = await fileServer();
    const from = (path: string, ...more: readonly string[]) =>
      call('edge', '--url', `${server.origin}${path}`, ...more);
    expect(await from('/nowhere')).toMatchObject({
      code: exitCode.machine,
      err: expect.stringContaining('404') as string,
    });
    server.serve('/evil', { content: tarGz([{ path: 'edge/../../evil', content: 'x' }]) });
    const evil = await from('/evil');
    expect(evil).toMatchObject({ code: exitCode.taskFailed });
    expect(evil.err).toContain('leads elsewhere');
    server.serve('/good', { content: tarGz([{ path: 'edge/a', content: 'x' }]) });
    expect(await from('/good', '--sha256', '0'.repeat(64))).toMatchObject({ code: exitCode.taskFailed });
    expect(existsSync(join(dir, 'data/edge'))).toBe(false);
  });

  it('stops at Ctrl-C and says that it goes on from there', async () => {
    const server = await fileServer();
    server.serve('/edge', (response) => {
      response.writeHead(200, { 'content-length': 1000, etag: '"a"' }).write('x'.repeat(500));
      process.emit('SIGINT');
    });
    const { code, err } = await call('edge', '--url', `${server.origin}/edge`);
    expect(code).toBe(exitCode.interrupted);
    expect(err).toContain('goes on from here');
  });
});

describe.runIf(sharedDir() !== undefined)('the sum that is stated of the human decisions', () => {
  it('is that of the files', async () => {
    const root = join(sharedDir()!, 'data/human');
    const { readdirSync, readFileSync } = await import('node:fs');
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.csv'),
    );
    const items = files.map((path) => ({
      path: `repo/raw-data/${path}`,
      content: readFileSync(join(root, path)),
    }));
    const server = await fileServer();
    server.serve('/humans', { content: tarGz(items) });
    const { code, out, err } = await call('humans', '--url', `${server.origin}/humans`);
    expect([code, err]).toEqual([exitCode.done, expect.not.stringContaining('error')]);
    expect(out).toContain('90 files');
    expect(out).toContain('as its stated sum says');
  });
});
