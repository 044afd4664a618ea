// npm test: sets up everything and runs the tests. Further arguments go to vitest.
import { main, prepare, root } from './prepare.mjs';
import { runProgram } from './run-program.mjs';

await main(async () => {
  await prepare();
  const args = ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)];
  return runProgram(process.execPath, args, { cwd: root });
});
