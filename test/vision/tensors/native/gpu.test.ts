import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startBackend } from '../../../../vision/tensors/index.ts';
import { hasNvidiaDriver } from '../../../../vision/tensors/native/gpu-driver.ts';
import { reasonIn, tryGpu } from '../../../../vision/tensors/native/gpu-trial.ts';
import { linkSolver } from '../../../../vision/tensors/native/link-solver.ts';
import { nativeDir } from '../../../../vision/tensors/native/place.ts';
import { nativeStatus } from '../../../../vision/tensors/native/status.ts';

const native = nativeStatus();

describe('the link to cuSOLVER', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'native-'));
    await mkdir(join(dir, 'nvidia/cusolver/lib'), { recursive: true });
    await writeFile(join(dir, 'nvidia/cusolver/lib/libcusolver.so.11'), 'the library');
  });
  afterEach(async () => {
    await rm(dir, { recursive: true });
  });

  it('lies in a folder that TensorFlow looks into, even if several make it at once, and again', async () => {
    await Promise.all([linkSolver(dir), linkSolver(dir), linkSolver(dir)]);
    await linkSolver(dir);
    expect(await readFile(join(dir, 'nvidia/cusparse/lib/libcusolver.so.11'), 'utf8')).toBe('the library');
  });
});

describe('why TensorFlow does not use a GPU', () => {
  it.each([
    [
      "I0000 dso_loader.cc:133] Successfully opened dynamic library libcufft.so.11\nI0000 dso_loader.cc:144] Could not load dynamic library 'libcusolver.so.11'; dlerror: libcusolver.so.11: cannot open shared object file\nI0000 dso_loader.cc:144] Could not load dynamic library 'libcudnn.so.9'; dlerror: …\nI0000 dso_loader.cc:144] Could not load dynamic library 'libcudnn.so.9'; dlerror: …",
      'it does not find libcusolver.so.11, libcudnn.so.9',
    ],
    [
      'E0000 cuda_platform.cc:52] failed call to cuInit: INTERNAL: CUDA error: Failed call to cuInit: UNKNOWN ERROR (303)\nCPU',
      'the driver does not start (INTERNAL: CUDA error: Failed call to cuInit: UNKNOWN ERROR (303))',
    ],
    ['CPU', 'it found no GPU that it can use'],
  ])('%#: is read out of its messages', (output, why) => {
    expect(reasonIn(output)).toBe(why);
  });

  it.runIf(native.kind === 'ready')('is asked of a build, which is loaded for it', async () => {
    const trial = await tryGpu(native.dir);
    if (!hasNvidiaDriver())
      expect(trial).toMatchObject({ kind: 'unused', why: expect.any(String) as string });
    expect(await tryGpu(nativeDir('cpu', '/nowhere'))).toMatchObject({
      kind: 'unused',
      why: expect.stringMatching(/^it does not load \(.*\/nowhere\/.*\)$/) as string,
    });
  });
});

it.runIf(native.kind === 'ready')('pins what results on a GPU depend on, where nobody has', async () => {
  vi.stubEnv('NVIDIA_TF32_OVERRIDE', undefined);
  vi.stubEnv('TF_DETERMINISTIC_OPS', '0');
  await startBackend({ backend: 'tensorflow', threads: 1 });
  expect(process.env).toMatchObject({ NVIDIA_TF32_OVERRIDE: '0', TF_DETERMINISTIC_OPS: '0' });
  vi.unstubAllEnvs();
});
