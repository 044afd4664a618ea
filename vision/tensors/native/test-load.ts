import { addonFile, TENSORFLOW_VERSION } from './place.ts';
import { stop, succeed, type Step } from './problem.ts';
import { lastLine, runCommand } from './run-command.ts';

/** Loads the binding and squares 3 with it: that the libraries are found, fit this machine and compute. */
const PROGRAM = withBinding(`
  const input = binding.createTensor([1], binding.TF_FLOAT, Float32Array.of(3));
  const type = { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
  const [output] = binding.executeOp('Square', [type], [input], 1);
  process.stdout.write(binding.TF_Version + ' ' + binding.tensorDataSync(output.id)[0]);
`);

/** A program for `node -e` and the path of an addon. What goes wrong is its last line, which Node's own ending is not. */
export function withBinding(code: string): string {
  return `try {
    const binding = require(process.argv[1]);
    ${code}
  } catch (error) {
    console.error(error.message.split('\\n', 1)[0]);
    process.exit(1);
  }`;
}

/** Tries a build in a process of its own, which a broken library may take down. */
export async function testLoad(dir: string): Promise<Step<void>> {
  const result = await runCommand(process.execPath, ['-e', PROGRAM, addonFile(dir)], {
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
  });
  if (result.kind === 'done' && result.stdout === `${TENSORFLOW_VERSION} 9`) return succeed(undefined);
  const detail = result.kind === 'failed' ? lastLine(result.output) : 'it answered wrongly';
  return stop({
    kind: 'load',
    why: `the compiled binding does not load (${detail})`,
    mend: 'use a Linux with glibc 2.27 or newer, or macOS 12 on Apple silicon',
  });
}
