import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import type { GpuDevice, HostDevices } from './slots.ts';

/**
 * The cores and GPUs that this process may use. GPUs are those the driver lists, within the mask that
 * `CUDA_VISIBLE_DEVICES` already sets; without NVIDIA's driver there are none.
 */
export async function detectDevices(environment: NodeJS.ProcessEnv): Promise<HostDevices> {
  const listing = await listGpus();
  return {
    cores: availableParallelism(),
    gpus: withinMask(parseGpuListing(listing), environment['CUDA_VISIBLE_DEVICES']),
  };
}

async function listGpus(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', ['-L'], { timeout: 10_000 });
    return stdout;
  } catch {
    // No driver, or one that does not answer: there is nothing to compute on.
    return '';
  }
}

/** Reads `nvidia-smi -L`. A device that is partitioned (MIG) counts as its partitions. */
export function parseGpuListing(text: string): readonly GpuDevice[] {
  const devices: { model: string; uuid: string; partitions: { model: string; uuid: string }[] }[] = [];
  for (const line of text.split('\n')) {
    const gpu = /^GPU \d+: (.+) \(UUID: (GPU-[^)]+)\)/.exec(line);
    if (gpu !== null) devices.push({ model: gpu[1] ?? '', uuid: gpu[2] ?? '', partitions: [] });
    const partition = /^\s+MIG (\S+)\s+Device\s+\d+: \(UUID: (MIG-[^)]+)\)/.exec(line);
    const device = devices.at(-1);
    if (partition === null || device === undefined) continue;
    device.partitions.push({ model: `${device.model} MIG ${partition[1] ?? ''}`, uuid: partition[2] ?? '' });
  }
  return devices
    .flatMap((device) => (device.partitions.length === 0 ? [device] : device.partitions))
    .map(({ model, uuid }, index) => ({ index, model, uuid }));
}

/** Of `gpus`, those that a `CUDA_VISIBLE_DEVICES` value leaves visible. Like CUDA, stops at the first name it does not know. */
export function withinMask(gpus: readonly GpuDevice[], mask: string | undefined): readonly GpuDevice[] {
  if (mask === undefined) return gpus;
  const visible: GpuDevice[] = [];
  for (const name of mask.split(',').map((each) => each.trim())) {
    const gpu = gpus.find(
      (each) => String(each.index) === name || (name.length > 3 && each.uuid.startsWith(name)),
    );
    if (gpu === undefined) break;
    visible.push(gpu);
  }
  return visible;
}
