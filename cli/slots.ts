import { detectDevices } from '../engine/run/detect-devices.ts';
import { defaultSlots, parseSlots } from '../engine/run/slots.ts';
import type { Slot } from '../engine/run/slots.ts';
import { exitCode } from './exit-codes.ts';
import { complain } from './io.ts';
import type { Io } from './io.ts';
import type { NotReady } from './prepare.ts';

/** The slots that `--slots` names, or what this machine has; or what is wrong with them said. */
export async function chooseSlots(
  text: string | undefined,
  io: Io,
): Promise<{ readonly kind: 'slots'; readonly slots: readonly Slot[] } | NotReady> {
  const host = await detectDevices(process.env);
  const chosen =
    text === undefined ? ({ kind: 'slots', slots: defaultSlots(host) } as const) : parseSlots(text, host);
  if (chosen.kind === 'slots') return chosen;
  complain(
    io,
    `--slots: ${chosen.message}`,
    'e.g. gpu:0, gpu:1/2 (split in two) or cpu:4 (four of them); sweetspot doctor lists what is there',
  );
  return { kind: 'exit', code: exitCode.usage };
}
