// npm run check:slurm: runs on a real Slurm of one node, which the tests start and stop themselves (scripts/slurm). It takes
// Debian's packages slurm-wlm and munge, and root. Further arguments go to vitest.
import { spawnSync } from 'node:child_process';
import { main, prepareSources, root } from './prepare.mjs';
import { runProgram } from './run-program.mjs';

await main(async () => {
  // Without a cluster's configuration it answers with an error; only that it is there counts.
  const { error } = spawnSync('sbatch', ['--version'], { stdio: 'ignore' });
  if (error !== undefined) throw new Error("no Slurm here: install Debian's packages slurm-wlm and munge");
  await prepareSources();
  const build = await runProgram(process.execPath, ['scripts/build.mjs'], { cwd: root });
  if (build !== 0) return build;
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.slurm.config.mjs'];
  return runProgram(process.execPath, [...args, ...process.argv.slice(2)], { cwd: root });
});
