import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweetspot, temporaryFolder } from '../support/command.ts';
import { repositoryRoot } from '../support/shared.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  await copyFile(join(repositoryRoot, 'test/end-to-end/studies/words.yaml'), join(folder.path, 'words.yaml'));
  const bin = join(folder.path, 'bin');
  await mkdir(bin);
  const entry = join(repositoryRoot, 'dist/cli/main.js');
  await writeFile(join(bin, 'sweetspot'), `#!/bin/sh\nexec '${process.execPath}' '${entry}' "$@"\n`);
  await chmod(join(bin, 'sweetspot'), 0o755);
  const { stdout } = await sweetspot(['completion', 'bash'], { cwd: folder.path });
  await writeFile(join(folder.path, 'completion.bash'), stdout);
});
afterAll(() => folder[Symbol.asyncDispose]());

/** Splits a line as readline would for COMP_WORDS, asks the function that `complete` registered, and prints its answer. */
const driver = `
source ./completion.bash
line=$1
COMP_LINE=$line COMP_POINT=\${#line} COMP_TYPE=9
COMP_WORDBREAKS=$' \\t\\n"\\'@><=;|&(:'
read -ra COMP_WORDS <<< "$line"
[[ $line == *' ' ]] && COMP_WORDS+=('')
COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
spec=$(complete -p sweetspot)
function=\${spec#*-F }; function=\${function%% *}
"$function" sweetspot "\${COMP_WORDS[COMP_CWORD]}" ''
printf '%s\\n' "\${COMPREPLY[@]}"
`;

async function tab(line: string): Promise<readonly string[]> {
  const { stdout, stderr } = await promisify(execFile)('bash', ['--norc', '-c', driver, 'bash', line], {
    cwd: folder.path,
    env: {
      ...process.env,
      PATH: `${join(folder.path, 'bin')}:${process.env['PATH'] ?? ''}`,
      SWEETSPOT_CACHE: undefined,
    },
  });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((value) => value !== '');
}

describe('a real bash completes', () => {
  it.each([
    ['sweetspot stat', ['status']],
    ['sweetspot run w', ['words.yaml']],
    ['sweetspot run words.yaml --only co', ['count', 'count@']],
    // Planned anew: nothing has run. What bash takes as broken off is not repeated.
    ['sweetspot run words.yaml --only count@se', ['@seed=']],
    ['sweetspot run words.yaml --only count@seed=', ['0', '1']],
    ['sweetspot why words.yaml --param ', ['word=']],
    ['sweetspot status ', ['last']],
  ])('%j', async (line, expected) => {
    expect(await tab(line)).toEqual(expected);
  });
});
