// npm run check:browser: the report and the page of `sweetspot ui` in a real, headless Chromium. $CHROMIUM names one that is
// not called `chromium` in PATH. Further arguments go to vitest.
import { spawnSync } from 'node:child_process';
import { main, prepareSources, root } from './prepare.mjs';
import { runProgram } from './run-program.mjs';

await main(async () => {
  const chromium = process.env.CHROMIUM ?? 'chromium';
  const { status } = spawnSync(chromium, ['--version'], { stdio: 'ignore' });
  if (status !== 0)
    throw new Error(
      `no Chromium here ('${chromium}'): install Debian's package chromium, or name one in CHROMIUM`,
    );
  await prepareSources();
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.browser.config.mjs'];
  return runProgram(process.execPath, [...args, ...process.argv.slice(2)], { cwd: root });
});
