// npm start: sets up everything and runs the quickstart study. Further arguments go to `sweetspot run`.
import { main, prepare, root } from './prepare.mjs';
import { runProgram } from './run-program.mjs';

await main(async () => {
  await prepare();
  const args = ['dist/cli/main.js', 'run', 'workflows/quickstart.yaml', ...process.argv.slice(2)];
  return runProgram(process.execPath, args, { cwd: root });
});
