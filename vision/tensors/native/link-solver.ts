import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const SOLVER = 'libcusolver.so.11';

/**
 * Puts a link to cuSOLVER beside cuSPARSE, in a build with CUDA. TensorFlow opens NVIDIA's libraries by name out of
 * `libtensorflow_framework`, in whose RUNPATH stand the folders of all of them but cuSOLVER's (`libtensorflow_cc` has that);
 * and when one of them is not found, it computes on the CPU. The same where it has been done.
 */
export async function linkSolver(dir: string): Promise<void> {
  const target = join('..', '..', 'cusolver', 'lib', SOLVER);
  const link = join(dir, 'nvidia', 'cusparse', 'lib', SOLVER);
  if (existsSync(link)) return;
  await mkdir(dirname(link), { recursive: true });
  try {
    await symlink(target, link);
  } catch (error) {
    // Another set-up was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
