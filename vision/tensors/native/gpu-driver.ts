import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Whether an NVIDIA driver runs on this machine: its kernel module's file, or the user-side library of containers and WSL. */
export function hasNvidiaDriver(root = '/'): boolean {
  return [
    'proc/driver/nvidia/version',
    'dev/nvidiactl',
    'usr/lib/wsl/lib/libcuda.so.1',
    'usr/local/nvidia/lib64/libcuda.so.1',
  ].some((file) => existsSync(join(root, file)));
}
