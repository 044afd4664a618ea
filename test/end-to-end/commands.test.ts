import { copyFile, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Finished } from '../support/command.ts';
import { sweetspot, temporaryFolder } from '../support/command.ts';
import { printedJsonProblem } from '../support/printed-json.ts';
import { repositoryRoot } from '../support/shared.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

const run = (...args: readonly string[]): Promise<Finished> => sweetspot(args, { cwd: folder.path });

beforeAll(async () => {
  folder = await temporaryFolder();
  await copyFile(join(repositoryRoot, 'test/end-to-end/studies/words.yaml'), join(folder.path, 'words.yaml'));
  const first = await run('run', 'words.yaml');
  expect(first.code, first.stderr).toBe(0);
  expect(first.stdout).toContain('4 tasks, 4 run, 0 cached');
});

afterAll(() => folder[Symbol.asyncDispose]());

describe('commands about a run', () => {
  it('a run has copied what nothing consumes', async () => {
    expect(await readFile(join(folder.path, 'out/words/count@seed=0.txt'), 'utf8')).toMatch(/^\s*8\n$/);
  });

  it('`ls` and `status` tell of it', async () => {
    const listed = await run('ls', '--json');
    expect(JSON.parse(listed.stdout)).toMatchObject({
      format: 1,
      runs: [{ study: 'words', state: 'done', end: { counts: { done: 4 } } }],
    });
    expect((await run('ls', 'make')).stdout).toContain('make@seed=1');
    const status = await run('status', '--json');
    const { state, tasks } = JSON.parse(status.stdout) as { state: string; tasks: readonly object[] };
    expect([status.code, state, tasks.length]).toEqual([0, 'done', 4]);
    expect((await run('status')).stdout).toMatch(/make\s+2\s/);
  });

  it('`show`, `log` and `export` give what a task made and said', async () => {
    const shown = await run('show', 'make@seed=1');
    expect(shown.stdout).toContain('out.txt');
    const digest = /words {2}([0-9a-f]{12})…/.exec(shown.stdout)?.[1] ?? 'none';
    expect(JSON.parse((await run('show', digest, '--json')).stdout)).toMatchObject({
      kind: 'artifact',
      files: [{ path: 'out.txt' }],
    });
    expect((await run('log', 'make@seed=1')).stdout).toBe('saying hello\n');
    expect((await run('export', 'make@seed=1', 'kept')).code).toBe(0);
    expect(await readFile(join(folder.path, 'kept/words/out.txt'), 'utf8')).toBe('hello 1\n');
    const again = await run('export', 'make@seed=1', 'kept');
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('is there already')]);
  });

  it('`why` names what changed, `plan` what would run', async () => {
    const why = await run('why', 'words.yaml', 'make@seed=0', '--param', 'word=bye');
    expect(why.stdout).toContain('1 field');
    const plan = await run('plan', 'words.yaml', '--only', 'count@seed=0', '--json');
    expect(JSON.parse(plan.stdout)).toMatchObject({ tasks: [{ state: 'cached' }, { state: 'cached' }] });
    const graph = await run('plan', 'words.yaml', '--graph', 'dot');
    expect(graph.stdout).toContain('"make" -> "count"');
    const part = await run('plan', 'words.yaml', '--graph', 'dot', '--only', 'make');
    expect(part.stdout).toContain('"make"');
    expect(part.stdout).not.toContain('"count"');
  });
});

describe('commands about the store', () => {
  it('count, read, keep and would make room', async () => {
    const stats = await run('cache', 'stats', '--json');
    expect(JSON.parse(stats.stdout)).toMatchObject({ actions: 4 });
    expect(await run('cache', 'verify')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('all as they should be') as string,
    });
    expect((await run('cache', 'pin', 'kept', 'make')).stdout).toBe('pinned 2 artifacts as kept\n');
    const gc = await run('cache', 'gc', '--dry-run', '--max-size', '0');
    expect([gc.code, gc.stdout]).toEqual([0, expect.stringContaining('would be deleted')]);
  });
});

describe('what --json prints is as documented', () => {
  it.each([
    ['PlanDocument', ['plan', 'words.yaml']],
    ['PlanDocument', ['run', 'words.yaml', '--dry-run', '--smoke']],
    ['StatusDocument', ['status']],
    ['DiffDocument', ['diff', 'last', 'last']],
    ['WhyDocument', ['why', 'words.yaml', '--param', 'word=bye']],
    ['RunsDocument', ['ls']],
    ['RowsDocument', ['ls', 'make']],
    ['SheetsDocument', ['show', 'count']],
    ['StatsDocument', ['cache', 'stats']],
  ])('%s: %j', async (definition, args) => {
    const { stdout } = await run(...args, '--json');
    expect(printedJsonProblem(definition, JSON.parse(stdout))).toBeUndefined();
  });

  it('ArtifactDocument: of what a task made', async () => {
    const { tasks } = JSON.parse((await run('show', 'make@seed=0', '--json')).stdout) as {
      readonly tasks: readonly { readonly outputs: readonly { readonly digest: string }[] }[];
    };
    const shown = await run('show', tasks[0]?.outputs[0]?.digest ?? '', '--json');
    expect(printedJsonProblem('ArtifactDocument', JSON.parse(shown.stdout))).toBeUndefined();
  });
});

describe('the schema', () => {
  it('accepts every study that comes with the package', async () => {
    const { stdout } = await run('schema');
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(stdout) as object);
    const workflows = join(repositoryRoot, 'workflows');
    const files = (await readdir(workflows)).filter((file) => file.endsWith('.yaml'));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const study: unknown = parse(await readFile(join(workflows, file), 'utf8'), { merge: true });
      expect(validate(study), `${file}: ${JSON.stringify(validate.errors)}`).toBe(true);
    }
  });
});

describe('what is wrong is said, with exit code 2', () => {
  it.each([
    [['frob'], "unknown command 'frob'"],
    [['run', 'nope.yaml'], 'no such file'],
    [['run', 'wrods.yaml'], 'did you mean'],
    [['run', '.'], 'name a file in it: words.yaml'],
    [['status', '--cache', 'nowhere'], 'there is no store at nowhere'],
    [['run', 'words.yaml', '--cache', 'words.yaml'], 'the store cannot be used at'],
    [['run', 'words.yaml', '--param', 'word'], 'not NAME=VALUE'],
    [['run', 'words.yaml', '--param', 'wrd=x'], "no parameter 'wrd'"],
    [['run', 'words.yaml', '--only', 'nope'], "no task 'nope'"],
    [['run', 'words.yaml', '--slots', 'tpu:0'], 'not a slot'],
    [['plan', 'words.yaml', '--data', 'voc'], 'not NAME=PATH'],
    [['status', 'nope'], "no run 'nope'"],
    [['show', 'make@sed=1'], "no axis 'sed'"],
    [['debug', 'make'], 'names 2 tasks'],
    [['cache', 'gc', '--max-size', 'much'], 'not a size'],
    [['cache', 'pin', 'a/b', 'make'], 'cannot name a pin'],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await run(...args);
    // A store that cannot be used is the machine's fault.
    expect([code, stdout]).toEqual([message.startsWith('the store') ? 3 : 2, '']);
    expect(stderr).toContain(message);
    // And there is always a way out.
    expect(stderr).toMatch(/way out:|= help:/);
    expect(await readdir(folder.path)).not.toContain('nowhere');
  });
});
