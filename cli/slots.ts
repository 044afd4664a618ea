import { detectDevices } from '../engine/run/detect-devices.ts';
import { defaultSlots, parseSlots } from '../engine/run/slots.ts';
import type { SlotsResult } from '../engine/run/slots.ts';

/** The slots that `--slots` names, or what this machine has. */
export async function chooseSlots(text: string | undefined): Promise<SlotsResult> {
  const host = await detectDevices(process.env);
  return text === undefined ? { kind: 'slots', slots: defaultSlots(host) } : parseSlots(text, host);
}
