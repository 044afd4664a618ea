import { describe, expect, it } from 'vitest';
import { parseGpuListing, withinMask } from '../../../engine/run/detect-devices.ts';
import { defaultSlots, parseSlots } from '../../../engine/run/slots.ts';
import { workerEnvironment } from '../../../engine/run/worker-environment.ts';

const listing = `GPU 0: NVIDIA H200 (UUID: GPU-aaaa-1)
GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-bbbb-2)
  MIG 1g.5gb      Device  0: (UUID: MIG-cccc-3)
  MIG 2g.10gb     Device  1: (UUID: MIG-dddd-4)
`;
const gpus = parseGpuListing(listing);
const host = { cores: 16, gpus };

describe('slots', () => {
  it.each([
    [1, 1, 1],
    [2, 2, 1],
    [3, 3, 1],
    [4, 2, 2],
    [8, 2, 4],
    [64, 16, 4],
  ])('of %i cores without a GPU are %i with %i threads each', (cores, count, threads) => {
    const slots = defaultSlots({ cores, gpus: [] });
    expect(slots.map((slot) => slot.threads)).toEqual(Array(count).fill(threads));
    expect(slots[0]?.deviceClass).toBe(`cpu-t${threads}`);
  });

  it('are the GPUs where there are any, partitions counting as such', () => {
    expect(defaultSlots(host).map(({ name, deviceClass, mask }) => [name, deviceClass, mask])).toEqual([
      ['gpu:0', 'gpu-h200', 'GPU-aaaa-1'],
      ['gpu:1', 'gpu-a100-sxm4-40gb-mig-1g-5gb', 'MIG-cccc-3'],
      ['gpu:2', 'gpu-a100-sxm4-40gb-mig-2g-10gb', 'MIG-dddd-4'],
    ]);
  });

  it('can be said', () => {
    const parsed = parseSlots('gpu:0, gpu:1/2, cpu:4', host);
    expect(parsed.kind === 'slots' && parsed.slots.map(({ name, share }) => [name, share])).toEqual([
      ['gpu:0', 1],
      ['gpu:1#1', 0.5],
      ['gpu:1#2', 0.5],
      ['cpu:0', 1],
      ['cpu:1', 1],
      ['cpu:2', 1],
      ['cpu:3', 1],
    ]);
  });

  it.each([
    ['gpu:7', /no GPU 7 here \(found: 0 NVIDIA H200/],
    ['gpu', /'gpu' is not a slot/],
    ['cpu:0', /not a slot/],
    ['gpu:0/0', /not a slot/],
    ['gpu:0,gpu:0', /named twice/],
    ['', /not a slot/],
  ])('refuse %j', (text, message) => {
    const parsed = parseSlots(text, host);
    expect(parsed.kind === 'invalid' ? parsed.message : '').toMatch(message);
  });
});

describe('the mask', () => {
  it.each([
    [undefined, 3],
    ['0', 1],
    ['2,0', 2],
    ['GPU-aaaa', 1],
    ['-1', 0],
    ['', 0],
    ['0,9,1', 1],
  ])('%j leaves %i devices', (mask, count) => {
    expect(withinMask(gpus, mask)).toHaveLength(count);
  });
});

describe('the environment of a worker', () => {
  it('shows the slot’s device alone, and pins what results depend on', () => {
    const [gpu] = defaultSlots(host);
    expect(
      workerEnvironment({ CUDA_VISIBLE_DEVICES: '0,1', KEPT: 'x' }, gpu === undefined ? [] : [gpu]),
    ).toMatchObject({
      KEPT: 'x',
      CUDA_VISIBLE_DEVICES: 'GPU-aaaa-1',
      TF_DETERMINISTIC_OPS: '1',
      NVIDIA_TF32_OVERRIDE: '0',
      TF_NUM_INTEROP_THREADS: '5',
      TF_NUM_INTRAOP_THREADS: '5',
      UV_THREADPOOL_SIZE: '5',
    });
    expect(workerEnvironment({}, [])).toMatchObject({
      CUDA_VISIBLE_DEVICES: '-1',
      TF_NUM_INTRAOP_THREADS: '1',
      UV_THREADPOOL_SIZE: '4',
    });
    expect(workerEnvironment({ UV_THREADPOOL_SIZE: '2' }, [])).toMatchObject({ UV_THREADPOOL_SIZE: '2' });
  });
});
