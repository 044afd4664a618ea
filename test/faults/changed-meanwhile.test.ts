import { appendFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sweetspot } from '../support/command.ts';
import { eventsOf, failuresOf, openRig, storeAt } from './rig.ts';
import type { Rig } from './rig.ts';
import { allTasks, untilGo } from './study.ts';

const minutes = 60_000;
let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig[Symbol.asyncDispose]());

interface Status {
  readonly state: string;
  readonly changed: readonly { readonly file: string; readonly now: string }[];
}

async function status(): Promise<Status & { readonly text: string }> {
  const ask = (...flags: readonly string[]) =>
    sweetspot(['status', '--cache', 'store', ...flags], { cwd: rig.dir });
  const told = JSON.parse((await ask('--json')).stdout) as Status;
  return { ...told, text: (await ask()).stdout };
}

it(
  'a study that is edited while it runs: the run finishes as planned, and `status` says that the file has changed since',
  async () => {
    const before = { s00: untilGo };
    await rig.place({ before });
    const file = join(rig.dir, 'faults.yaml');
    const asItWas = await readFile(file, 'utf8');
    const run = rig.start('store');
    await rig.began('s00');
    expect(await status()).toMatchObject({ state: 'running', changed: [] });

    await rig.place({ before, words: { s19: 'other' } });
    expect(await status()).toMatchObject({ state: 'running', changed: [{ file, now: 'changed' }] });
    await rig.go();
    expect(await rig.problems('store', await run.finished)).toEqual([]);
    const after = await status();
    expect(after).toMatchObject({ state: 'done', changed: [{ file, now: 'changed' }] });
    expect(after.text).toContain('faults.yaml has changed since this run began');

    await rm(file);
    expect(await status()).toMatchObject({ changed: [{ file, now: 'gone' }] });
    await writeFile(file, asItWas);
    expect(await status()).toMatchObject({ changed: [] });
    const executions = await rig.executions();
    expect(allTasks.filter((task) => executions.get(task) !== 1)).toEqual([]);
  },
  5 * minutes,
);

describe('a data set that changes while it is read', () => {
  const image = (): string => join(rig.dir, 'pictures/cat/1.png');

  it.each([
    ['a file grows', () => appendFile(image(), 'more')],
    [
      'a file is replaced',
      async () => {
        await writeFile(`${image()}.new`, 'first!');
        await rename(`${image()}.new`, image());
      },
    ],
    ['a file goes away', () => rm(image())],
  ])(
    '%s: the result is withheld as data-changed, and made anew by the next run',
    async (_, change) => {
      for (const [name, text] of [
        ['cat/1.png', 'first'],
        ['cat/2.png', 'second'],
        ['dog/1.png', 'third'],
      ] as const) {
        await mkdir(join(rig.dir, 'pictures', name, '..'), { recursive: true });
        await writeFile(join(rig.dir, 'pictures', name), text);
      }
      await writeFile(join(rig.dir, 'faults.yaml'), readingStudy(join(rig.dir, 'marks')));
      const flags = ['--data', `pictures=${join(rig.dir, 'pictures')}`];
      const run = rig.start('store', flags);
      await rig.began('read');
      await change();
      await rig.go();
      const ended = await run.finished;
      expect(ended.code, ended.stderr).toBe(1);
      expect(failuresOf(ended)).toMatchObject([
        { task: 'read', willRetry: false, failure: { class: 'data-changed' } },
      ]);
      expect(failuresOf(ended)[0]?.failure.message).toContain('cat/1.png');
      expect(eventsOf(ended)).toContainEqual(
        expect.objectContaining({ kind: 'task-blocked', task: 'count' }),
      );
      const store = await storeAt(join(rig.dir, 'store'));
      for await (const result of store.actions.list()) expect(result).toBeUndefined();

      const again = await rig.run('store', flags);
      expect(again.code, again.stderr).toBe(0);
      expect(Object.fromEntries(await rig.executions())).toEqual({ read: 2 });
    },
    5 * minutes,
  );
});

/** A task that has read a data set when it waits, and one that is made of what it makes. */
function readingStudy(marks: string): string {
  const script = `cat inputs/in/*/* > out.txt; echo "read $$" >> "$MARKS"; ${untilGo}`;
  return `study: reading
data: { pictures: { uses: image-folder } }
tasks:
  read:
    uses: command
    with:
      run: [sh, -ec, ${JSON.stringify(script)}]
      env: { MARKS: ${JSON.stringify(marks)} }
      inputs: { in: "\${{ data.pictures }}" }
      outputs: { out: { type: files, path: out.txt } }
  count:
    uses: command
    with:
      run: [sh, -ec, "wc -c < inputs/in/out.txt > out.txt"]
      inputs: { in: "\${{ read.out }}" }
      outputs: { out: { type: files, path: out.txt } }
`;
}
