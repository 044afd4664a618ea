/** A share of a device, on which one task computes at a time. */
export interface Slot {
  /** `cpu:0`, `gpu:1`, or `gpu:1#2` for the second share of a device that is split. */
  readonly name: string;
  readonly device: 'cpu' | 'gpu';
  /** What is leased on this host: the device by its lasting name, so that masks and orders do not matter. */
  readonly deviceId: string;
  /** In (0, 1]. Shares of one device that are held at a time sum to 1 at most, over all runs of the host. */
  readonly share: number;
  /** As `CUDA_VISIBLE_DEVICES` names the device; undefined for CPU slots. */
  readonly mask: string | undefined;
  /** `cpu-t1`, `gpu-h200`: results are byte-reproducible within it. */
  readonly deviceClass: string;
  readonly threads: number;
}

/** What the host has to offer. */
export interface HostDevices {
  readonly cores: number;
  readonly gpus: readonly GpuDevice[];
}

export interface GpuDevice {
  /** As the driver counts them, over the whole host. */
  readonly index: number;
  readonly uuid: string;
  /** E.g. `NVIDIA H200`. */
  readonly model: string;
}

export type SlotsResult =
  | { readonly kind: 'slots'; readonly slots: readonly Slot[] }
  | { readonly kind: 'invalid'; readonly message: string };

/** More than any host has devices for; each slot is a process. */
const mostSlots = 4096;

/** The slots of a host when nobody says otherwise: one a GPU, or without GPUs as many CPU slots as the cores allow. */
export function defaultSlots(host: HostDevices): readonly Slot[] {
  if (host.gpus.length > 0) return host.gpus.flatMap((gpu) => gpuSlots(gpu, 1, host));
  const threads = Math.min(4, Math.max(1, Math.floor(host.cores / 2)));
  return cpuSlots(Math.max(1, Math.floor(host.cores / threads)), threads);
}

/** Reads `gpu:0,gpu:1/2,cpu:4`: one slot on GPU 0, GPU 1 split in two, and four CPU slots. */
export function parseSlots(text: string, host: HostDevices): SlotsResult {
  const slots: Slot[] = [];
  for (const part of text.split(',').map((each) => each.trim())) {
    const match = /^(cpu|gpu):(\d+)(?:\/(\d+))?$/.exec(part);
    const count = Number(match?.[2]);
    const parts = Number(match?.[3] ?? 1);
    if (slots.length + (match?.[1] === 'cpu' ? count : parts) > mostSlots) {
      return invalid(`'${part.slice(0, 40)}' makes more than ${mostSlots} slots`);
    }
    if (match?.[1] === 'cpu' && match[3] === undefined && count > 0) {
      slots.push(...cpuSlots(count, Math.min(4, Math.max(1, Math.floor(host.cores / count)))));
    } else if (match?.[1] === 'gpu' && match[3] !== '0') {
      const gpu = host.gpus.find((each) => each.index === count);
      if (gpu === undefined) return invalid(`there is no GPU ${count} here${listGpus(host)}`);
      slots.push(...gpuSlots(gpu, parts, host));
    } else {
      return invalid(`'${part.slice(0, 40)}' is not a slot`);
    }
  }
  const twice = slots.find((slot, index) => slots.findIndex((each) => each.name === slot.name) !== index);
  return twice === undefined ? { kind: 'slots', slots } : invalid(`'${twice.name}' is named twice`);
}

function cpuSlots(count: number, threads: number): readonly Slot[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `cpu:${index}`,
    device: 'cpu',
    deviceId: `cpu-${index}`,
    share: 1,
    mask: undefined,
    deviceClass: `cpu-t${threads}`,
    threads,
  }));
}

function gpuSlots(gpu: GpuDevice, parts: number, host: HostDevices): readonly Slot[] {
  const threads = Math.min(8, Math.max(1, Math.floor(host.cores / (host.gpus.length * parts))));
  return Array.from({ length: parts }, (_, index) => ({
    name: parts === 1 ? `gpu:${gpu.index}` : `gpu:${gpu.index}#${index + 1}`,
    device: 'gpu',
    deviceId: gpu.uuid,
    share: 1 / parts,
    mask: gpu.uuid,
    deviceClass: `gpu-${className(gpu.model)}`,
    threads,
  }));
}

function className(model: string): string {
  const plain = model.toLowerCase().replace(/^nvidia\s+/, '');
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
}

function listGpus(host: HostDevices): string {
  if (host.gpus.length === 0) return ' (none was found)';
  return ` (found: ${host.gpus.map((gpu) => `${gpu.index} ${gpu.model}`).join(', ')})`;
}

function invalid(message: string): SlotsResult {
  return { kind: 'invalid', message };
}
