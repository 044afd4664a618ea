import {
  mkdtempSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { digestOf } from '../../cache/digest.ts';
import type { StoreFolder } from '../../cache/store.ts';
import { DeliveryRecord } from '../../cli/delivery-record.ts';

const digest = digestOf('an artifact');

describe('the record of what was delivered', () => {
  it('vouches for a file that lies as it was left', async () => {
    const { store, outDir, path } = await delivered();
    expect(DeliveryRecord.open(store, outDir).standing('page', digest)).toBe(path);
  });

  it('knows nothing of another artifact, another target or another folder', async () => {
    const { store, outDir } = await delivered();
    expect(DeliveryRecord.open(store, outDir).standing('page', digestOf('another'))).toBeUndefined();
    expect(DeliveryRecord.open(store, outDir).standing('table', digest)).toBeUndefined();
    expect(DeliveryRecord.open(store, `${outDir}2`).standing('page', digest)).toBeUndefined();
  });

  const touches: readonly { readonly name: string; readonly touch: (path: string) => void }[] = [
    { name: 'was removed', touch: (path) => rmSync(path) },
    { name: 'was written to', touch: (path) => writeFileSync(path, 'other') },
    {
      name: 'was written to and given its old times',
      touch: (path) => {
        writeFileSync(path, 'other');
        utimesSync(path, 1, 1);
      },
    },
    {
      name: 'was replaced by one of the same size',
      touch: (path) => {
        writeFileSync(`${path}.new`, 'bytes');
        renameSync(`${path}.new`, path);
      },
    },
  ];
  it.each(touches)('does not vouch for a file that $name', async ({ touch }) => {
    const { store, outDir, path } = await delivered();
    touch(path);
    expect(DeliveryRecord.open(store, outDir).standing('page', digest)).toBeUndefined();
  });

  it('does not vouch for a file that changed just before the record was written', async () => {
    const { store, outDir } = await delivered({ settled: false });
    expect(DeliveryRecord.open(store, outDir).standing('page', digest)).toBeUndefined();
  });

  it('tells all that lies untouched, to whoever knows its seal', async () => {
    const { store, outDir, path, seal } = await delivered();
    const untouched = (from: string) => DeliveryRecord.open(store, outDir).untouched(from);
    expect(untouched(seal)).toEqual([{ target: 'page', path }]);
    expect(untouched(digestOf('another'))).toBeUndefined();
    writeFileSync(path, 'other');
    expect(untouched(seal)).toBeUndefined();
  });

  it('is passed over where it is damaged', async () => {
    const { store, outDir, file } = await delivered();
    const text = readFileSync(file, 'utf8');
    for (const damaged of ['', text.slice(0, -1), text.replace('page', 'pagf'), text.slice(5)]) {
      writeFileSync(file, damaged);
      future(file);
      expect(DeliveryRecord.open(store, outDir).standing('page', digest)).toBeUndefined();
    }
  });

  it('forgets what is no longer delivered', async () => {
    const { store, outDir } = await delivered();
    await DeliveryRecord.open(store, outDir).save([]);
    expect(DeliveryRecord.open(store, outDir).standing('page', digest)).toBeUndefined();
  });
});

async function delivered({ settled = true } = {}): Promise<{
  store: StoreFolder;
  outDir: string;
  path: string;
  file: string;
  seal: string;
}> {
  const root = mkdtempSync(join(tmpdir(), 'sweetspot-delivered-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const outDir = join(root, 'out');
  mkdirSync(join(root, 'index'));
  mkdirSync(outDir);
  const path = join(outDir, 'page.html');
  writeFileSync(path, 'bytes');
  const store: StoreFolder = { root, sharing: 'umask' };
  const record = DeliveryRecord.open(store, outDir);
  record.enter('page', { origin: digest, path, files: [path] });
  const seal = (await record.save(['page'])) ?? '';
  const file = join(root, 'index', `delivered-${digestOf(outDir).slice(0, 32)}`);
  if (settled) future(file);
  else utimesSync(file, statSync(path).ctime, statSync(path).ctime);
  return { store, outDir, path, file, seal };
}

/** Lets a record look as if it had been written well after what it records. */
function future(file: string): void {
  const time = new Date(Date.now() + 60_000);
  utimesSync(file, time, time);
}
