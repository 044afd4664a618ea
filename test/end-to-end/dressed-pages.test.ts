import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openStore } from '../../cache/open-store.ts';
import { reportCommand } from '../../cli/commands/report.ts';
import { showCommand } from '../../cli/commands/show.ts';
import { runStudy } from '../../cli/run-study.ts';
import { RunReport } from '../../cli/ui/run-report.ts';
import { RunWatch } from '../../cli/ui/run-watch.ts';
import { findWorkspace } from '../../cli/workspace.ts';
import type { StudyRecord } from '../../engine/contract/study-record.ts';
import type * as types from '../../tasks/types/page.ts';
import { captureIo } from '../cli/capture-io.ts';
import { believeStamps } from '../support/believe-stamps.ts';
import { sweetspot, temporaryFolder } from '../support/command.ts';

/** A page that tells its record as it is, in place of the words of the report's own. */
vi.mock('../../tasks/types/page.ts', async (original) => {
  const { page } = await original<typeof types>();
  const dress = async (dir: string, record: StudyRecord): Promise<void> => {
    const path = join(dir, 'report.html');
    await writeFile(path, `${await readFile(path, 'utf8')}\n<!--${JSON.stringify(record)}-->`);
  };
  return { page: { ...page, dress } };
});

const study = `study: dressed
params: { word: "plain" }
matrix: { at: [0, 1] }
tasks:
  score:
    uses: command
    with:
      run: [sh, score.sh, "s\${{ matrix.at }}", "\${{ params.word }}"]
      files: [score.sh]
      outputs: { scores: { type: scores, path: scores } }
  report: { uses: report, with: { title: Dressed, scores: ["\${{ all.score.scores }}"] } }
`;
const script = `
echo "$2 in $PWD on $(uname -n)"
mkdir scores
printf '{"format":1,"measure":"accuracy","about":{"model":"resnet20","sparsity":0.%s0},"items":["a","b"],
  "metrics":{"accuracy":{"unit":"fraction","higherIsBetter":true,"mean":0.5,"values":[0,1]}}}' "\${1#s}" > scores/scores.json
`;
const file = join('studies', "ada's study.yaml");
const command = String.raw`sweetspot run 'studies/ada'\''s study.yaml' --param 'word="it'\''s"'`;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
  mkdirSync(join(folder.path, 'studies'));
  writeFileSync(join(folder.path, file), study);
  writeFileSync(join(folder.path, 'studies', 'score.sh'), script);
  const args = ['run', file, '--only', 'score@at=0', '--param', "word=it's"];
  const { code, stderr } = await sweetspot(args, { cwd: folder.path });
  expect(code, stderr).toBe(0);
});
afterAll(() => folder[Symbol.asyncDispose]());

function recordIn(html: string): StudyRecord {
  return JSON.parse(/<!--(\{.*\})-->$/.exec(html)?.[1] ?? '{}') as StudyRecord;
}

function expectNoPlaces(html: string): void {
  for (const place of [folder.path, homedir()]) expect(html).not.toContain(place);
  // A short name may stand anywhere by chance.
  expect(JSON.stringify(recordIn(html)).split(/[^\w-]+/)).not.toContain(hostname().split('.')[0]);
}

describe('a page of a study that is half done', () => {
  it('tells by `report` what there is and what is to come, where it was asked from, and nothing of this machine', async () => {
    const io = captureIo({ cwd: folder.path });
    const code = await reportCommand({ file, flags: { param: ["word=it's"], data: [] }, io });
    expect([code, io.stderr()]).toEqual([0, expect.stringContaining('so far: score lacks 1') as string]);
    const html = readFileSync(join(folder.path, 'out/dressed/report.html'), 'utf8');
    expectNoPlaces(html);
    const record = recordIn(html);
    expect(record).toMatchObject({
      ...{ study: 'dressed', file, params: { word: "it's" }, command },
      sources: [{ path: file, text: study }],
    });
    expect(record.run).toBeUndefined();
    const [first, second] = record.tasks;
    expect(first).toMatchObject({
      address: 'score@at=0',
      command: `${command} --only score@at=0`,
      reads: [],
    });
    expect(first?.result).toMatchObject({
      madeBy: { kind: 'run' },
      log: expect.stringMatching(/^it's in …\//) as string,
    });
    expect(second?.address).toBe('score@at=1');
    expect(second?.result).toBeUndefined();
  });

  it('tells by `ui` the run that is looked at', async () => {
    const opened = await openStore({ dir: join(folder.path, '.sweetspot') });
    if (opened.kind !== 'opened') throw new Error(opened.kind);
    const { store } = opened;
    const found = await findWorkspace({ cwd: folder.path, data: [], cacheDir: undefined, env: {} });
    if (found.kind !== 'found') throw new Error(found.message);
    const watch = await RunWatch.open(store, (await RunWatch.newest(store)) ?? '');
    const report = new RunReport(found.workspace, new AbortController().signal);
    const html = (await report.of(watch!)) ?? '';
    expectNoPlaces(html);
    const record = recordIn(html);
    expect(record).toMatchObject({
      ...{ command, file, sources: [{ path: file, text: study }] },
      run: {
        run: watch?.run,
        durationMs: expect.any(Number) as number,
      },
      tasks: [{ address: 'score@at=0', result: { madeBy: { kind: 'this-run' } } }, { address: 'score@at=1' }],
    });
  });

  it('gives a task the command and the maker that `show` gives it', async () => {
    const html = readFileSync(join(folder.path, 'out/dressed/report.html'), 'utf8');
    const [first] = recordIn(html).tasks;
    const io = captureIo({ cwd: folder.path });
    await showCommand({ what: 'score@at=0', flags: { json: true }, io });
    const [sheet] = (JSON.parse(io.stdout()) as { readonly tasks: readonly object[] }).tasks;
    const madeBy = first?.result?.madeBy;
    expect(sheet).toMatchObject({
      command: first?.command,
      madeBy: madeBy?.kind === 'run' ? madeBy.run : 'none',
      key: first?.result?.key,
    });
    const plain = captureIo({ cwd: folder.path });
    await showCommand({ what: 'score@at=0', flags: {}, io: plain });
    expect(plain.stdout()).toContain(`again     ${first?.command ?? ''}`);
  });
});

describe('the page of a study that is done', () => {
  const flags = { param: ["word=it's"], data: [], only: [] };
  const path = (): string => join(folder.path, 'out/dressed/report.html');
  const run = async (): Promise<number> => {
    const io = captureIo({ cwd: folder.path });
    return runStudy({ file, flags, io, notes: [] });
  };

  it('tells by `run` which run it was, and is left alone by the next', async () => {
    const { code, stderr } = await sweetspot(['run', file, '--param', "word=it's"], { cwd: folder.path });
    expect(code, stderr).toBe(0);
    expect(await run()).toBe(0);
    const html = readFileSync(path(), 'utf8');
    expectNoPlaces(html);
    const record = recordIn(html);
    const started = { run: expect.any(String) as string, startedAt: expect.any(String) as string };
    expect(record).toMatchObject({ command, run: started, sources: [{ path: file, text: study }] });
    const makers = record.tasks.map(({ result }) => result?.madeBy);
    expect(makers).toEqual([0, 1].map(() => ({ kind: 'run', run: expect.any(String) as string })));
    expect(makers[0]).not.toEqual(makers[1]);
    const before = statSync(path());
    believeStamps(join(folder.path, '.sweetspot'));
    expect(await run()).toBe(0);
    expect(statSync(path())).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
  });
});
