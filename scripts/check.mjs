// npm run check: everything that must hold before a commit (with --static, all but the tests). Runs all steps, then says
// which failed.
import { main, prepare, root } from './prepare.mjs';
import { runProgram } from './run-program.mjs';

const steps = [
  ['format', 'prettier/bin/prettier.cjs', '--check', '.'],
  ['lint', 'eslint/bin/eslint.js', '.'],
  ['types', 'typescript/bin/tsc', '-p', 'tsconfig.json', '--noEmit'],
  [
    'walls',
    'dependency-cruiser/bin/dependency-cruise.mjs',
    '--config',
    '.dependency-cruiser.cjs',
    ...rooms(),
  ],
  ['dead code', 'knip/bin/knip.js'],
  ['tests', 'vitest/vitest.mjs', 'run'],
];

function rooms() {
  return ['cache', 'engine', 'vision', 'tasks', 'cli', 'scripts', 'bench', 'test'];
}

await main(async () => {
  await prepare();
  const failed = [];
  const wanted = process.argv.includes('--static') ? steps.filter(([name]) => name !== 'tests') : steps;
  for (const [name, program, ...args] of wanted) {
    console.log(`\n== ${name}`);
    const code = await runProgram(process.execPath, [`node_modules/${program}`, ...args], { cwd: root });
    if (code !== 0) failed.push(name);
  }
  console.log(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.join(', ')}.`);
  return failed.length === 0 ? 0 : 1;
});
