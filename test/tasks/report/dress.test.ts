import { link, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { StudyRecord } from '../../../engine/contract/study-record.ts';
import { renderPage } from '../../../tasks/report/page/page.ts';
import { html } from '../../../tasks/report/page/html.ts';
import { page } from '../../../tasks/types/page.ts';
import { largeRecord } from './fake-record.ts';
import { parsePage } from './parse-page.ts';
import type { PageElement } from './parse-page.ts';

const bare = renderPage({
  title: 'A page',
  header: html`<h1>A page</h1>`,
  sections: [{ id: 'one', title: 'One', body: html`<p>One</p>` }],
  footer: html`<footer></footer>`,
});

async function dress(content: string, ...records: readonly StudyRecord[]): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'dress-'));
  await writeFile(join(dir, 'report.html'), content);
  for (const record of records) await page.dress!(dir, record);
  expect(await readdir(dir)).toEqual(['report.html']);
  return readFile(join(dir, 'report.html'), 'utf8');
}

interface Packed {
  readonly logs: readonly string[];
  readonly columns: {
    readonly address: readonly string[];
    readonly key: readonly (string | null)[];
    readonly reads: readonly (readonly number[])[];
    readonly log: readonly (number | null)[];
  };
}

function packedIn(document: PageElement): Packed {
  const packed = document.querySelector('#study-record')!.textContent;
  return JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString('utf8')) as Packed;
}

function told(document: PageElement): string {
  return document.querySelector('#provenance')!.textContent.replaceAll(/\s+/g, ' ');
}

const record = largeRecord(24);

describe('a page that is handed over', () => {
  it('says how its study came to be, in words that need no script, and links to it', async () => {
    const document = parsePage(await dress(bare, record));
    expect([...document.querySelectorAll('nav a')].map((one) => one.getAttribute('href'))).toEqual([
      '#one',
      '#methods',
      '#provenance',
    ]);
    const text = told(document);
    for (const words of [record.file, record.command, record.run!.run, 'epochs=3', 'seeds=[0,1]'])
      expect(text).toContain(words);
    expect(text).toContain('2030-01-02 03:04 UTC');
    expect(text).toContain('24 results');
    expect(text).toContain('tensorflow 2.16.1');
    const rows = [...document.querySelectorAll('#provenance .tasks-table tbody tr')];
    expect(rows).toHaveLength(12);
    // Indentation of the source is kept.
    expect(document.querySelector('#provenance pre')!.textContent).toBe(record.sources[0]!.text);
    expect([...document.querySelectorAll('svg.tasks .task-node')]).toHaveLength(12);
  });

  it('gives the script the whole record, logs and all', async () => {
    const { columns, logs } = packedIn(parsePage(await dress(bare, record)));
    const unpacked = columns.address.map((address, place) => ({
      address,
      key: Buffer.from(columns.key[place]!, 'base64').toString('hex'),
      reads: columns.reads[place]!.map((back) => place - back),
      log: logs[columns.log[place]!],
    }));
    expect(unpacked).toEqual(
      record.tasks.map(({ address, reads, result }) => {
        return { address, key: result!.key, reads, log: result!.log };
      }),
    );
  });

  it('is dressed anew and not twice', async () => {
    const other = { ...record, command: 'sweetspot run other.yaml', tasks: record.tasks.slice(0, 3) };
    const once = await dress(bare, record);
    expect(await dress(bare, record, record)).toBe(once);
    expect(await dress(bare, other, record)).toBe(once);
    expect(once).not.toContain('other.yaml');
    expect(await dress(bare, record, other)).toContain('other.yaml');
  });

  it('leaves the bytes alone that it shares with the store, and a page that has no place for it', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'dress-linked-'));
    const stored = join(await mkdtemp(join(tmpdir(), 'dress-store-')), 'blob');
    await writeFile(stored, bare, { mode: 0o444 });
    await link(stored, join(dir, 'report.html'));
    await page.dress!(dir, record);
    expect(await readFile(stored, 'utf8')).toBe(bare);
    expect(await readFile(join(dir, 'report.html'), 'utf8')).not.toBe(bare);
    const foreign = '<!doctype html><title>Made by hand</title>';
    expect(await dress(foreign, record)).toBe(foreign);
  });

  it('costs under 400 kB for 3,000 tasks, and keeps the last words of long logs', async () => {
    const large = largeRecord(3000);
    const cost = Buffer.byteLength(await dress(bare, large)) - Buffer.byteLength(bare);
    expect(cost).toBeLessThan(400_000);
    const lines = (place: number): string =>
      Array.from({ length: 20 }, (_, i) => `${place} says ${Math.sin(place * 20 + i)}`).join('\n');
    const talkative = {
      ...large,
      tasks: large.tasks.map((task, place) => ({ ...task, result: { ...task.result!, log: lines(place) } })),
    };
    const dressed = await dress(bare, talkative);
    expect(Buffer.byteLength(dressed) - Buffer.byteLength(bare)).toBeLessThan(400_000);
    const packed = packedIn(parsePage(dressed));
    expect(packed.columns.address).toHaveLength(3000);
    const few = { ...talkative, tasks: talkative.tasks.slice(0, 30) };
    const [last] = packedIn(parsePage(await dress(bare, few))).logs;
    expect(last!.split('\n').at(-1)).toBe(lines(0).split('\n').at(-1));
  });

  it('leaves hostile text inert, wherever it stands', async () => {
    const hostile = `</script></pre><!--/sweetspot:provenance--><b id="out" onclick='x'>$&`;
    const [first, ...others] = record.tasks;
    const made: StudyRecord = {
      ...record,
      ...{ study: hostile, file: hostile, command: hostile, version: hostile },
      params: { [hostile]: hostile },
      sources: [{ path: hostile, text: hostile }],
      run: { ...record.run!, run: hostile, slots: [hostile] },
      tasks: [
        {
          ...first!,
          ...{ name: hostile, kind: hostile, address: hostile, command: hostile },
          result: {
            ...first!.result!,
            ...{ log: hostile, deviceClass: hostile, backend: hostile, versions: { [hostile]: hostile } },
            madeBy: { kind: 'run', run: hostile },
          },
        },
        ...others,
      ],
    };
    const dressed = await dress(bare, made);
    const document = parsePage(dressed);
    expect(document.querySelector('#out, [onclick]')).toBeNull();
    expect(document.querySelector('#provenance pre')!.textContent).toBe(hostile);
    expect(packedIn(document).logs[0]).toBe(hostile);
    expect([...document.querySelectorAll('#provenance')]).toHaveLength(1);
    expect(await dress(dressed, record)).toBe(await dress(bare, record));
  });

  it('tells of what is missing, and of a page between runs', async () => {
    const unfinished = {
      ...record,
      run: undefined,
      tasks: record.tasks.map((task, i) => (i % 2 === 0 ? task : { ...task, result: undefined })),
    };
    const text = told(parsePage(await dress(bare, unfinished)));
    expect(text).toContain('12 results, 12 still to come');
    expect(text).toContain('made between runs');
    expect(text).not.toMatch(/NaN|Infinity|undefined/);
    const nothing = { ...unfinished, tasks: [], params: {}, sources: [] };
    const empty = parsePage(await dress(bare, nothing)).querySelector('#provenance')!;
    expect(empty.outerHTML).not.toMatch(/NaN|Infinity|undefined/);
  });
});
