import { tf } from '../../vision/tensors/index.ts';
import type { ModelTurn } from './model-turn.ts';

/** Does work of so many images again and again for so many seconds, after once that does not count. */
export async function workFor(
  seconds: number,
  work: () => Promise<unknown>,
  images: number,
): Promise<ModelTurn> {
  await work();
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  const passed = (): number => (performance.now() - started) / 1000;
  let rounds = 0;
  while (passed() < seconds) {
    await work();
    rounds += 1;
  }
  const { user, system } = process.cpuUsage(cpu);
  return {
    images: rounds * images,
    seconds: passed(),
    cpuSeconds: (user + system) / 1e6,
    peakMiB: process.resourceUsage().maxRSS / 1024,
    tensors: tf.memory().numTensors,
  };
}
