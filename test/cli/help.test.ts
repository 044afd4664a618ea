import { describe, expect, it } from 'vitest';
import { help } from '../../cli/examples.ts';
import { exitCode } from '../../cli/exit-codes.ts';
import { buildProgram } from '../../cli/program.ts';
import { captureIo } from './capture-io.ts';

async function helpOf(command: readonly string[]): Promise<string> {
  const io = captureIo();
  expect(await buildProgram(io).run([...command, '--help'])).toBe(exitCode.done);
  return io.stdout();
}

function optionsOf(text: string): ReadonlySet<string> {
  return new Set(text.split('\nExamples:\n')[0]?.match(/--[a-z-]+/g));
}

/** Names under "Commands:", without their arguments. */
function commandsIn(text: string): readonly string[] {
  const listed = text.split('\nCommands:\n')[1]?.split('\n\n')[0] ?? '';
  return [...listed.matchAll(/^ {2}([a-z]+)/gm)].map((match) => match[1]!).filter((name) => name !== 'help');
}

async function everyCommand(path: readonly string[] = []): Promise<readonly (readonly string[])[]> {
  const inner = commandsIn(await helpOf([...path]));
  if (inner.length === 0) return [path];
  const found: (readonly string[])[] = [];
  for (const name of inner) found.push(...(await everyCommand([...path, name])));
  return found;
}

describe('--help', () => {
  it('ends with examples, for every command, and those alone', async () => {
    const commands = (await everyCommand()).map((path) => path.join(' '));
    expect(commands.length).toBeGreaterThan(10);
    expect(Object.keys(help).sort()).toEqual([...commands].sort());
  });

  it.each(Object.keys(help))('%s fits in 80 columns and shows options that there are', async (command) => {
    const text = await helpOf(command.split(' '));
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const options = new Map<string, ReadonlySet<string>>();
    for (const [line] of help[command]!.examples) {
      // An example may show the command beside another.
      const called = Object.keys(help).find((each) => line.startsWith(`sweetspot ${each} `)) ?? command;
      const known = options.get(called) ?? optionsOf(await helpOf(called.split(' ')));
      options.set(called, known);
      if (!line.startsWith('sweetspot ')) continue;
      for (const flag of line.match(/--[a-z-]+/g) ?? []) expect(known, line).toContain(flag);
    }
  });
});

describe('a wrong command line', () => {
  it.each([
    [['rnu'], "unknown command 'rnu'", 'did you mean run?'],
    [['run', 'x.yaml', '--slot', '1'], "unknown option '--slot'", 'did you mean --slots?'],
    [['run'], "missing required argument 'study'", 'sweetspot run --help'],
    [['cache', 'pin'], "missing required argument 'name'", 'sweetspot cache pin --help'],
    [['plan', 'x.yaml', '--graph', 'svg'], 'Allowed choices are mermaid, dot, json', '--help'],
  ])('%j is answered with the way out, and exit code 2', async (argv, message, hint) => {
    const io = captureIo();
    expect(await buildProgram(io).run(argv)).toBe(exitCode.usage);
    expect(io.stderr()).toContain(`error: `);
    expect(io.stderr()).toContain(message);
    expect(io.stderr()).toContain(hint);
    const json = captureIo({ json: true });
    expect(await buildProgram(json).run(argv)).toBe(exitCode.usage);
    expect(JSON.parse(json.stderr())).toMatchObject({
      kind: 'error',
      message: expect.stringContaining(message) as string,
      hint: expect.stringContaining(hint) as string,
    });
  });
});
