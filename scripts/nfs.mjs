// npm run check:nfs: a store that two hosts share over NFS. Server and hosts are started and stopped by the tests themselves
// (scripts/nfs). It takes Debian's packages nfs-ganesha-vfs, qemu-system-x86, busybox-static and kmod, apt with a package source, and
// root. Further arguments go to vitest.
import { spawnSync } from 'node:child_process';
import { main, prepareSources, root } from './prepare.mjs';
import { runProgram } from './run-program.mjs';

await main(async () => {
  const lacking = ['ganesha.nfsd', 'qemu-system-x86_64', 'busybox', 'depmod'].filter(
    (program) => spawnSync('which', [program]).status !== 0,
  );
  if (lacking.length > 0)
    throw new Error(
      `no ${lacking.join(', ')} here: install Debian's packages nfs-ganesha-vfs qemu-system-x86 busybox-static kmod`,
    );
  await prepareSources();
  const build = await runProgram(process.execPath, ['scripts/build.mjs'], { cwd: root });
  if (build !== 0) return build;
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.nfs.config.mjs'];
  return runProgram(process.execPath, [...args, ...process.argv.slice(2)], { cwd: root });
});
