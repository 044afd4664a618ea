import { readFileSync } from 'node:fs';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../cache/digest.ts';
import type { RerunDocument, RerunTask } from '../../cli/json-output.ts';
import { sweetspot, temporaryFolder } from '../support/command.ts';
import type { Finished } from '../support/command.ts';
import { printedJsonProblem } from '../support/printed-json.ts';

const minutes = 60_000;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let dir: string;

/** `moody` looks at a file that it does not declare; `fragile` fails where that file says so. */
function study(tally: string): string {
  const command = (script: string, more: string): string =>
    `{ uses: command, with: { run: [sh, -ec, ${JSON.stringify(script)}], env: { TALLY: ${JSON.stringify(tally)} }, outputs: { out: { type: files, path: out } }${more} } }`;
  const count = (name: string): string => `mkdir out; echo ${name} >> "$TALLY"; `;
  const reads = ', inputs: { in: "${{ moody.out }}" }';
  return [
    'study: moods',
    'tasks:',
    `  steady: ${command(`${count('steady')} echo steady > out/a.txt`, '')}`,
    `  moody: ${command(`${count('moody')} echo same > out/a.txt; cat "$TALLY.mood" > out/b.txt; touch "out/z-$(cat "$TALLY.mood")"`, '')}`,
    `  reader: ${command(`${count('reader')} cp inputs/in/b.txt out/`, reads)}`,
    `  fragile: ${command(`${count('fragile')} if grep -q fierce "$TALLY.mood"; then exit 1; fi; echo well > out/a.txt`, '')}`,
    '',
  ].join('\n');
}

beforeAll(async () => {
  folder = await temporaryFolder();
  dir = folder.path;
  await writeFile(join(dir, 'moods.yaml'), study(join(dir, 'tally')));
  await mood('calm');
  const ended = await command('run', 'moods.yaml');
  expect(ended.code, ended.stderr).toBe(0);
  expect(await executed()).toEqual(['fragile', 'moody', 'reader', 'steady']);
}, 5 * minutes);

afterAll(() => folder[Symbol.asyncDispose]());

function command(...args: readonly string[]): Promise<Finished> {
  return sweetspot([...args, '--cache', join(dir, 'store')], { cwd: dir });
}

function mood(word: string): Promise<void> {
  return writeFile(join(dir, 'tally.mood'), word);
}

async function executed(): Promise<readonly string[]> {
  const names = await readFile(join(dir, 'tally'), 'utf8').catch(() => '');
  await rm(join(dir, 'tally'), { force: true });
  return names.split('\n').slice(0, -1).sort();
}

async function rerun(...args: readonly string[]): Promise<RerunDocument & { readonly code: number | null }> {
  const ended = await command('cache', 'verify', '--rerun', 'moods.yaml', '--json', ...args);
  const document = JSON.parse(ended.stdout) as RerunDocument;
  expect(printedJsonProblem('RerunDocument', document)).toBeUndefined();
  return { ...document, code: ended.code };
}

function taskIn({ tasks }: RerunDocument, name: string): RerunTask | undefined {
  return tasks.find(({ task }) => task === name);
}

/** Every file that says what was made, and by which run. */
async function published(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const place of ['ac', 'cas', 'claims', 'partial', 'runs', 'tmp', 'work']) {
    const inside = await readdir(join(dir, 'store', place), { recursive: true }).catch(() => []);
    found.push(...inside.map((name) => `${place}/${name}`));
  }
  return found.sort();
}

describe('a task whose result differs when it is run again', () => {
  it('is reported with its output, both digests and the first file that differs; nothing is published', async () => {
    await mood('cheerful');
    const before = await published();
    const ended = await command('cache', 'verify', '--rerun', 'moods.yaml');
    expect(ended.code, ended.stderr).toBe(1);
    expect(await executed()).toEqual(['fragile', 'moody', 'reader', 'steady']);
    const moody = taskIn(await rerun('moody'), 'moody');
    const [differing] = moody?.differing ?? [];
    expect(differing?.recorded).not.toBe(differing?.made);
    const lines = [
      '✗ moody  is not deterministic: the same inputs gave other bytes',
      `    out  recorded  ${differing?.recorded}`,
      `         now       ${differing?.made}`,
      '    first file that differs: b.txt (recorded 4 B, now 8 B)',
      '4 tasks run again: 1 gave other bytes, 3 gave the same',
      'the recorded results stand; nothing was published',
    ];
    expect(ended.stdout).toBe(`${lines.join('\n')}\n`);
    expect(await published()).toEqual(before);

    await executed();
    expect((await command('run', 'moods.yaml')).code).toBe(0);
    expect(await executed()).toEqual([]);
  });

  it('is told to programs in full', async () => {
    await mood('cheerful');
    const document = await rerun();
    expect(document).toMatchObject({
      code: 1,
      study: 'moods',
      counts: { same: 3, differs: 1, failed: 0, inputsMissing: 0, notRun: 0, notCached: 0 },
    });
    expect(document.tasks.map(({ task }) => task)).toEqual(['steady', 'moody', 'reader', 'fragile']);
    const moody = taskIn(document, 'moody');
    expect(moody).toMatchObject({
      state: 'differs',
      differing: [
        { output: 'out', firstFile: { path: 'b.txt', how: 'changed', recordedBytes: 4, madeBytes: 8 } },
      ],
    });
    expect(moody?.ranOn).toBe(moody?.recordedOn);
  });

  it('costs nothing where the same comes out, and where it is not asked for', async () => {
    await mood('calm');
    expect((await rerun()).code).toBe(0);
    await mood('cheerful');
    await executed();
    const others = await rerun('steady', 'reader');
    expect(others).toMatchObject({ code: 0, counts: { same: 2, differs: 0 } });
    expect(await executed()).toEqual(['reader', 'steady']);
  });

  it('is found by chance in a sample of some', async () => {
    await mood('calm');
    await executed();
    const some = await rerun('--sample', '2');
    expect(some).toMatchObject({ code: 0, counts: { same: 2 } });
    expect(await executed()).toEqual(some.tasks.map(({ task }) => task as string).sort());
  });

  it('may fail instead', async () => {
    await mood('fierce');
    const document = await rerun('fragile');
    expect(document).toMatchObject({ code: 1, counts: { failed: 1 } });
    expect(taskIn(document, 'fragile')?.failure?.class).toBe('task');
    const ended = await command('cache', 'verify', '--rerun', 'moods.yaml', 'fragile');
    expect(ended.stdout).toContain('✗ fragile  failed this time: task: ');
  });
});

describe('running again', () => {
  it('needs results to compare with', async () => {
    await using empty = await temporaryFolder();
    const args = ['cache', 'verify', '--rerun', 'moods.yaml', '--cache', empty.path];
    const ended = await sweetspot(args, { cwd: dir });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('there is no result to compare with');
    expect(await executed()).not.toContain('steady');
  });

  it.each([
    [['--rerun'], '--rerun needs a study'],
    [['moods.yaml'], 'cache verify --rerun moods.yaml'],
    [['--rerun', 'moods.yaml', '--sample', 'some'], 'is not a count'],
    [['--rerun', 'moods.yaml', 'moodi'], 'moody'],
  ])('%j is a mistake', async (args, words) => {
    const ended = await command('cache', 'verify', ...args);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(words);
  });

  it('says where the bytes are gone that a task reads', async () => {
    const blob = digestOf('calm');
    expect(readFileSync(blobPath(blob), 'utf8')).toBe('calm');
    await rm(blobPath(blob));
    expect(await rerun('reader')).toMatchObject({ code: 0, counts: { same: 0, inputsMissing: 1 } });
    await mood('cheerful');
    // There is nothing to compare its file with, and the digests tell all the same.
    expect(taskIn(await rerun('moody'), 'moody')?.state).toBe('differs');
  });
});

function blobPath(digest: string): string {
  return join(dir, 'store/cas', digest.slice(0, 2), digest);
}
