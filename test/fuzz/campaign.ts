import { randomFrom } from '../../vision/random/random.ts';
import { spoil } from './spoil.ts';
import type { Target } from './target.ts';

export interface Campaign {
  readonly target: Target;
  readonly seed: number;
  /** Number of the first input. */
  readonly from: number;
  readonly inputs: number;
}

export type CampaignEnd =
  | { readonly kind: 'held'; readonly inputs: number; readonly slowestMs: number; readonly peakBytes: number }
  | { readonly kind: 'broke'; readonly at: number; readonly why: string; readonly input: Uint8Array };

/** What one input may cost: processor time, since the machine may be busy, and memory beyond what was in use before. */
const mostCpuMs = 10_000;
const mostGrowthBytes = 768 * 1024 * 1024;

/** The input of a number: the same for the same seed, whatever came before. */
export function inputOf(
  { target, seed }: Pick<Campaign, 'target' | 'seed'>,
  seeds: readonly Uint8Array[],
  at: number,
): Uint8Array {
  const random = randomFrom(seed, at);
  const { invent, words } = target;
  if (invent !== undefined && random.chance(0.5)) {
    const invented = invent(random);
    return random.chance(0.5) ? invented : spoil(invented, random, words);
  }
  return spoil(seeds[random.integer(seeds.length)]!, random, words);
}

/** Reads one spoilt file after the other, until one breaks the reader. */
export async function runCampaign(campaign: Campaign, onInput: (at: number) => void): Promise<CampaignEnd> {
  const { target, from, inputs } = campaign;
  const seeds = await target.seeds();
  // A valid file has to be read, or nothing is known of the others.
  for (const seed of seeds) await target.read(seed);
  let slowestMs = 0;
  for (let at = from; at < from + inputs; at += 1) {
    onInput(at);
    const input = inputOf(campaign, seeds, at);
    const cpuBefore = process.cpuUsage();
    const peakBefore = peakBytes();
    try {
      await target.read(input);
    } catch (error) {
      return {
        kind: 'broke',
        at,
        input,
        why: error instanceof Error ? (error.stack ?? error.message) : String(error),
      };
    }
    const { user, system } = process.cpuUsage(cpuBefore);
    const spentMs = (user + system) / 1000;
    slowestMs = Math.max(slowestMs, spentMs);
    if (spentMs > mostCpuMs)
      return { kind: 'broke', at, input, why: `took ${spentMs.toFixed(0)} ms of the processor` };
    const grown = peakBytes() - peakBefore;
    if (grown > mostGrowthBytes)
      return { kind: 'broke', at, input, why: `took ${(grown / 2 ** 20).toFixed(0)} MB` };
  }
  return { kind: 'held', inputs, slowestMs, peakBytes: peakBytes() };
}

function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
