import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../../cache/digest.ts';
import type { JsonObject } from '../../../cache/json.ts';
import type { IdentifyRequest } from '../../../engine/contract/task-kind.ts';
import type { InputArtifact, TaskContext } from '../../../engine/contract/task-context.ts';
import { command } from '../../../tasks/command/index.ts';
import { sandboxed } from '../../../tasks/command/sandbox.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'command-'));
  for (const name of ['study', 'scratch', 'out', 'input']) await mkdir(join(dir, name));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const declared = { outputs: { out: { type: 'files', path: 'result' } } };

async function run(options: JsonObject, context: Partial<TaskContext> = {}): Promise<void> {
  const perform = await command.load();
  const input: InputArtifact = { digest: digestOf(''), facts: {}, coordinates: {}, dir: join(dir, 'input') };
  await perform({
    options: { ...declared, ...options },
    identity: {},
    studyDir: join(dir, 'study'),
    scratchDir: join(dir, 'scratch'),
    output: (name: string) => join(dir, name),
    absent: () => [],
    inputNames: () => ['raw'],
    artifact: () => input,
    optionalData: () => undefined,
    signal: new AbortController().signal,
    ...context,
  } as TaskContext);
}

const outputText = (file = 'result'): Promise<string> => readFile(join(dir, 'out', file), 'utf8');

describe('a command', () => {
  it('runs without a shell, in an empty folder but for its files and inputs', async () => {
    await writeFile(
      join(dir, 'study', 'list.sh'),
      'find . -mindepth 1 | sort > "$HOME/list"; cat "$HOME/list" inputs/raw/x > "$1"\n',
    );
    await writeFile(join(dir, 'input', 'x'), 'from the input');
    await run({ run: ['sh', 'list.sh', 'result'], files: ['list.sh'] });
    expect(await outputText()).toBe('./inputs\n./inputs/raw\n./list.sh\nfrom the input');
  });

  it('passes arguments as they are', async () => {
    await run({ run: ['node', '-e', 'require("fs").writeFileSync("result", process.argv[1])', '$HOME *;'] });
    expect(await outputText()).toBe('$HOME *;');
  });

  it('shows the declared environment, PATH, a scratch HOME and C.UTF-8, and nothing else', async () => {
    process.env['SWEETSPOT_LEAK'] = '1';
    await run({
      run: ['node', '-e', 'require("fs").writeFileSync("result", JSON.stringify(process.env))'],
      env: { COLOUR: 'blue' },
    });
    delete process.env['SWEETSPOT_LEAK'];
    const seen = JSON.parse(await outputText()) as { [name: string]: string };
    expect(Object.keys(seen).sort()).toEqual(['COLOUR', 'HOME', 'LANG', 'LC_ALL', 'PATH', 'TMPDIR']);
    expect(seen['LC_ALL']).toBe('C.UTF-8');
    expect(seen['HOME']).toContain(join(dir, 'scratch'));
  });

  it('does not run with a file that has changed since its key was made', async () => {
    await writeFile(join(dir, 'study', 'a.sh'), 'echo 1 > result\n');
    const identity = { files: [{ path: 'a.sh', sha256: digestOf('echo 1 > result\n') }] };
    const options = { run: ['sh', 'a.sh'], files: ['a.sh'] };
    await run(options, { identity });
    expect(await outputText()).toBe('1\n');
    await rm(join(dir, 'scratch'), { recursive: true });
    await mkdir(join(dir, 'scratch'));
    await writeFile(join(dir, 'study', 'a.sh'), 'echo 2 > result\n');
    await expect(run(options, { identity })).rejects.toMatchObject({ failureClass: 'data-changed' });
    expect(await readdir(join(dir, 'scratch', 'work'))).toEqual(['a.sh']);
  });

  it('takes a folder as an output', async () => {
    await run({ run: ['sh', '-c', 'mkdir -p result/deep && echo 1 > result/deep/a'] });
    expect(await readdir(join(dir, 'out', 'deep'))).toEqual(['a']);
  });

  it('lays out just the files of a data set', async () => {
    await writeFile(join(dir, 'input', 'listed'), '1');
    await writeFile(join(dir, 'input', 'stray'), '2');
    const data = {
      adapter: 'folder',
      options: {},
      root: join(dir, 'input'),
      part: undefined,
      digest: digestOf(''),
      facts: {},
      files: [{ path: 'listed', size: 1, mtimeMs: 0 }],
    };
    await run({ run: ['sh', '-c', 'ls inputs/raw > result'] }, { optionalData: () => data });
    expect(await outputText()).toBe('listed\n');
  });

  it.each([
    [['sh', '-c', 'exit 3'], /'sh' exited with code 3/],
    [['sh', '-c', 'kill -9 $$'], /'sh' was ended by SIGKILL/],
    [['no-such-program-anywhere'], /no such program on PATH/],
    [['true'], /did not write 'result'/],
  ])('fails with a reason: %j', async (argv, reason) => {
    await expect(run({ run: argv })).rejects.toThrow(reason);
  });

  it('ends everything it has started when it is stopped', async () => {
    const stop = new AbortController();
    await writeFile(join(dir, 'study', 'tree.sh'), 'sh -c "echo \\$\\$ > inner; exec sleep 1000" &\nwait\n');
    const running = run(
      { run: ['sh', 'tree.sh'], files: ['tree.sh'] },
      { signal: stop.signal, inputNames: () => [] },
    );
    const inner = await firstLine(join(dir, 'scratch', 'work', 'inner'));
    stop.abort({ kind: 'stopped' });
    await expect(running).rejects.toThrow('stopped');
    await ended(Number(inner));
  });
});

/** Text of a file that somebody is about to write. */
async function firstLine(path: string): Promise<string> {
  for (;;) {
    const text = await readFile(path, 'utf8').catch(() => '');
    if (text.endsWith('\n')) return text.trim();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Resolves once no such process runs; one that nobody has reaped yet does not. */
async function ended(pid: number): Promise<void> {
  for (;;) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z');
    if (/\) [ZX]/.test(stat)) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('the identity of a command', () => {
  const request = (options: JsonObject): IdentifyRequest => ({
    options: { ...declared, run: ['true'], ...options },
    studyDir: join(dir, 'study'),
    digestOfFile: async (path) => digestOf(await readFile(join(dir, 'study', path))),
    once: (_, make) => make(),
    signal: new AbortController().signal,
  });

  it('has the content of files and the output of versions', async () => {
    await writeFile(join(dir, 'study', 'script.sh'), 'one');
    const options = { files: ['script.sh'], versions: [['echo', 'v1']] };
    const first = await command.identify?.(request(options));
    expect(first).toEqual({
      kind: 'identified',
      identity: {
        files: [{ path: 'script.sh', sha256: digestOf('one') }],
        versions: [{ argv: ['echo', 'v1'], output: 'v1' }],
      },
    });
  });

  it.each([
    [{ files: ['missing.sh'] }, /no file 'missing.sh'/],
    [{ versions: [['false']] }, /'false' does not tell a version/],
  ])('cannot be made of what is not there: %j', async (options, reason) => {
    const found = await command.identify?.(request(options));
    expect(found?.kind === 'unusable' ? found.message : found).toMatch(reason);
  });
});

describe('the options of a command', () => {
  it.each([['../x'], ['/etc/passwd'], ['a/../../b'], ['.']])('refuse the path %s', (path) => {
    const outputs = { out: { type: 'files', path } };
    expect(command.resolve?.({ run: ['true'], outputs }).kind).toBe('invalid');
    expect(command.resolve?.({ run: ['true'], ...declared, files: [path] }).kind).toBe('invalid');
  });

  it('name the output ports', () => {
    const ports = command.outputs;
    expect(typeof ports === 'function' ? ports(declared) : ports).toMatchObject({ out: { type: 'files' } });
  });
});

it('is put under bubblewrap with its folders alone writable', () => {
  const argv = sandboxed({
    argv: ['prog', 'x'],
    work: '/job/work',
    home: '/job/home',
    readable: ['/job/in'],
    path: '/usr/bin:/home/me/env/bin',
  });
  const text = argv.join(' ');
  expect(text).toMatch(/^bwrap --die-with-parent --unshare-all /);
  expect(text).toContain('--ro-bind-try /home/me/env /home/me/env');
  expect(text).toContain('--bind /job/work /job/work');
  expect(text).not.toContain('--bind /job/in');
  expect(text).toMatch(/--chdir \/job\/work -- prog x$/);
});
