import { execFileSync } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startSweetspot, temporaryFolder } from '../support/command.ts';
import { repositoryRoot } from '../support/shared.ts';

/** What refusing may take at most: memory of the whole process, and a heap that ends it. */
const mostPeakBytes = 600 * 1024 * 1024;
const heapMegabytes = 400;

interface Hostile {
  readonly name: string;
  /** The study; `sweetspot plan study.yaml` reads it. */
  readonly study?: string | Buffer;
  /** What else there is, in the study's folder. */
  readonly prepare?: (dir: string) => Promise<unknown>;
  readonly args?: readonly string[];
  /** In the message: what it is about. */
  readonly word: string;
}

const outputs = 'outputs: { o: { type: files, path: o } }';
const command = (run: string): string =>
  `tasks: { a: { uses: command, with: { ${outputs}, run: [${run}] } } }\n`;
const fine = `study: x\n${command('echo')}`;
const expression = (text: string): string => `study: x\n${command(JSON.stringify(`\${{ ${text} }}`))}`;
const using = 'study: x\ntasks: { a: { uses: ./other.yaml } }\n';
const numbers = (count: number): string => Array.from({ length: count }, (_, at) => at).join(', ');
const laughs = Array.from({ length: 30 }, (_, at) => {
  const inner = at === 0 ? 'lol' : Array.from({ length: 9 }, () => `*a${at - 1}`).join(', ');
  return `x-${at}: &a${at} [${inner}]\n`;
}).join('');
const fifo = (name: string) => (dir: string) => Promise.resolve(execFileSync('mkfifo', [join(dir, name)]));
const eightfold = '.map(x, [x, x, x, x, x, x, x, x])';

const hostile: readonly Hostile[] = [
  { name: 'a billion laughs', study: `study: x\n${laughs}${command('echo')}`, word: 'aliases' },
  { name: 'a hundred megabytes', study: Buffer.alloc(100 * 1024 * 1024, '#\n'), word: 'at most 2 MB' },
  { name: 'a million lines', study: `study: x\n${'\n'.repeat(1_900_000)}`, word: 'words and marks' },
  { name: 'a hundred thousand brackets', study: '['.repeat(100_000), word: 'nested' },
  {
    name: 'a thousand steps of indentation',
    study: `study: x\nparams:\n${Array.from({ length: 1000 }, (_, at) => `${' '.repeat(at + 1)}a:\n`).join('')}`,
    word: 'nested',
  },
  {
    name: 'a key __proto__',
    study: `study: x\nparams: { __proto__: 1 }\n${command('echo')}`,
    word: "'__proto__' cannot be a key",
  },
  {
    name: 'an output constructor',
    study: fine.replace('{ o:', '{ constructor:'),
    word: "'constructor' cannot be a key",
  },
  { name: 'a task toString', study: fine.replace('{ a:', '{ toString:'), word: "'toString'" },
  { name: 'a task kind valueOf', study: 'study: x\ntasks: { a: { uses: valueOf } }\n', word: "'valueOf'" },
  {
    name: 'a number of a million digits',
    study: `study: x\nparams: { a: ${'9'.repeat(1_000_000)} }\n${command('echo')}`,
    word: 'finite',
  },
  {
    name: 'a number without end',
    study: `study: x\nparams: { a: 1e999 }\n${command('echo')}`,
    word: 'finite',
  },
  {
    name: 'axes that multiply to a million',
    study: `study: x\nmatrix: { a: [${numbers(1000)}], b: [${numbers(1000)}] }\n${command('"${{ matrix.a }}-${{ matrix.b }}"')}`,
    word: 'too large',
  },
  {
    name: 'a billion rounds',
    study: `study: x\ntasks:\n  a: { uses: command, with: { ${outputs}, run: [x] } }\n  g:\n    repeat: { from: "\${{ a.o }}", to: "\${{ b.o }}", times: 1e9 }\n    tasks: { b: { uses: command, with: { ${outputs}, run: [x], inputs: { i: "\${{ previous }}" } } } }\n`,
    word: 'times',
  },
  {
    name: 'a million billion slots',
    study: fine.replace('uses:', 'resources: { slots: 1e15 }, uses:'),
    word: 'slots',
  },
  {
    name: 'a timeout longer than time',
    study: fine.replace('uses:', `timeout: ${'9'.repeat(30)}d, uses:`),
    word: 'timeout',
  },
  {
    name: 'a thousand parentheses',
    study: expression(`${'('.repeat(900)}1${')'.repeat(900)}`),
    word: 'maxDepth',
  },
  { name: 'a long chain', study: expression(`1${' + 1'.repeat(450)}`), word: 'maxAstNodes' },
  {
    name: 'an iteration over iterations',
    study: expression(`[1]${eightfold.repeat(12)}`),
    word: 'too large',
  },
  {
    name: 'iterations that are compared',
    study: expression(`[1]${eightfold.repeat(10)} == [1]${eightfold.repeat(10)}`),
    word: 'too large',
  },
  {
    name: 'a pattern that looks back for ever',
    study: expression("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.matches('(a+)+$')"),
    word: 'matches',
  },
  {
    name: 'a template that uses itself',
    study: 'study: x\ntasks: { a: { uses: ./study.yaml } }\n',
    word: 'circle',
  },
  {
    name: 'templates that use each other',
    study: using,
    prepare: (dir) => writeFile(join(dir, 'other.yaml'), 'study: y\ntasks: { a: { uses: ./study.yaml } }\n'),
    word: 'circle',
  },
  {
    name: 'a template that is a folder',
    study: using,
    prepare: (dir) => mkdir(join(dir, 'other.yaml')),
    word: 'folder',
  },
  { name: 'a template that is a pipe', study: using, prepare: fifo('other.yaml'), word: 'not a plain file' },
  {
    name: 'a template without end',
    study: using,
    prepare: (dir) => symlink('/dev/zero', join(dir, 'other.yaml')),
    word: 'not a plain file',
  },
  {
    name: 'a template that is no text',
    study: using,
    prepare: (dir) => writeFile(join(dir, 'other.yaml'), Buffer.from([0, 255, 254])),
    word: 'not UTF-8',
  },
  { name: 'a study that is a pipe', prepare: fifo('study.yaml'), word: 'not a plain file' },
  {
    name: 'half a surrogate pair',
    study: `study: x\nparams: { a: "\\uD800" }\n${command('echo')}`,
    word: 'surrogate',
  },
  { name: 'tabs', study: 'study: x\ntasks:\n\ta:\n', word: 'tabs' },
  { name: 'a name that leads elsewhere', study: fine.replace('study: x', 'study: ../../x'), word: 'study' },
  {
    name: 'a parameter of laughs',
    study: `study: x\nparams: { p: null }\n${command('echo')}`,
    args: ['--param', `p=[${laughs.match(/&a\d+ \[[^\]]*\]/g)!.join(', ')}]`],
    word: '--param p',
  },
  {
    name: 'a parameter of brackets',
    study: `study: x\nparams: { p: null }\n${command('echo')}`,
    args: ['--param', `p=${'['.repeat(50_000)}`],
    word: '--param p',
  },
  {
    name: 'a configuration of laughs',
    study: fine,
    prepare: (dir) => writeFile(join(dir, 'sweetspot.config.yaml'), laughs),
    word: 'sweetspot.config.yaml: line',
  },
  {
    name: 'a configuration that is a pipe',
    study: fine,
    prepare: fifo('sweetspot.config.yaml'),
    word: 'not a plain file',
  },
];

describe('hostile input is refused in bounded time and memory, by name', () => {
  it.each(hostile)('$name', { timeout: 300_000 }, async ({ study, prepare, args = [], word }) => {
    await using folder = await temporaryFolder();
    if (study !== undefined) await writeFile(join(folder.path, 'study.yaml'), study);
    await prepare?.(folder.path);
    const peakFile = join(folder.path, 'peak');
    const started = startSweetspot(['plan', 'study.yaml', ...args], {
      cwd: folder.path,
      env: {
        NODE_OPTIONS: `--max-old-space-size=${heapMegabytes} --import=${join(repositoryRoot, 'test/faults/report-peak.mjs')}`,
        SWEETSPOT_TEST_PEAK: peakFile,
      },
    });
    // Stops a command that would never end; the outcome then tells.
    const deadline = setTimeout(() => started.child.kill('SIGKILL'), 240_000);
    const { code, signal, stderr } = await started.finished;
    clearTimeout(deadline);
    expect({ code, signal }, stderr.slice(0, 2000)).toEqual({ code: 2, signal: null });
    expect(stderr).toContain(word);
    expect(stderr).not.toContain('a bug of sweetspot');
    expect(stderr.length).toBeLessThan(60_000);
    expect(Number(await readFile(peakFile, 'utf8'))).toBeLessThan(mostPeakBytes);
  });
});
