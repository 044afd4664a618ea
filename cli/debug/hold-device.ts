import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { DeviceInfo } from '../../engine/contract/task-context.ts';
import type { PlannedTask } from '../../engine/plan/plan.ts';
import { slotDemand } from '../../engine/run/slot-board.ts';
import type { Slot } from '../../engine/run/slots.ts';
import { threadsOf, workerEnvironment } from '../../engine/run/worker-environment.ts';
import { leaseDevice } from '../../engine/worker/device-lease.ts';
import type { DeviceLease } from '../../engine/worker/device-lease.ts';
import { tell } from '../io.ts';
import type { Io } from '../io.ts';
import { chosenBackend } from '../start-backend.ts';

const lookMs = 500;

/** What this process computes on from now on, held until disposed of. */
export interface HeldDevice extends AsyncDisposable {
  readonly info: DeviceInfo;
  readonly slots: readonly Slot[];
}

/**
 * Makes this process what a worker of the task would be: the devices leased, so that no run books them as well, the
 * environment set, and only then the backend loaded. `stopped` where the signal came while another run held a device.
 */
export async function holdDevice(request: {
  readonly task: PlannedTask;
  readonly slots: readonly Slot[];
  readonly signal: AbortSignal;
  readonly io: Io;
}): Promise<HeldDevice | 'too-few' | 'stopped'> {
  const { task, signal, io } = request;
  const { count, device } = slotDemand(task.resources);
  const fitting = request.slots.filter((slot) => device === undefined || slot.device === device);
  if (fitting.length < count) return 'too-few';
  const slots = fitting.slice(0, count);
  const leases: DeviceLease[] = [];
  const held = {
    slots,
    async [Symbol.asyncDispose](): Promise<void> {
      for (const lease of leases.splice(0)) await lease[Symbol.asyncDispose]();
    },
  };
  try {
    for (const slot of slots.toSorted((a, b) => (a.deviceId < b.deviceId ? -1 : 1)))
      leases.push(await lease(slot, signal, io));
    const threads = threadsOf(slots);
    Object.assign(process.env, workerEnvironment(process.env, slots));
    const [first] = slots;
    if (first === undefined) return { ...held, info: { backend: 'none', deviceClass: 'cpu-t1', threads } };
    const { backend, device: found = first.device } = await chosenBackend({ device: first.device, threads });
    const deviceClass =
      found === first.device && slots.length === 1 ? first.deviceClass : `${found}-t${threads}`;
    return { ...held, info: { backend, deviceClass, threads } };
  } catch (error) {
    await held[Symbol.asyncDispose]();
    if (signal.aborted) return 'stopped';
    throw error;
  }
}

async function lease(slot: Slot, signal: AbortSignal, io: Io): Promise<DeviceLease> {
  const leaseDir = join(tmpdir(), 'sweetspot-devices');
  for (let told = false; ; told = true) {
    const { deviceId, share } = slot;
    const result = await leaseDevice({ leaseDir, deviceId, share });
    if (result.kind === 'leased') return result.lease;
    if (!told)
      tell(
        io,
        `waiting for ${slot.name}: process ${result.holder.pid} computes there (--slots names another)`,
      );
    await delay(lookMs, undefined, { signal });
  }
}
