/** How the learning rate falls over the epochs. */
export type Schedule =
  | { readonly kind: 'constant' }
  /** Times `factor` after every `every` epochs. */
  | { readonly kind: 'step'; readonly every: number; readonly factor: number }
  /** Times `factor` at each epoch of `at`. */
  | { readonly kind: 'multistep'; readonly at: readonly number[]; readonly factor: number }
  /** Times `factor` after each epoch. */
  | { readonly kind: 'exponential'; readonly factor: number }
  /** Half a cosine down to `minimum` (Loshchilov and Hutter 2017, equation 5, without restarts). */
  | { readonly kind: 'cosine'; readonly minimum: number };

/** The first epochs, before the schedule begins: constant at, or linear from, `factor` times the learning rate. */
export interface WarmUp {
  readonly kind: 'linear' | 'constant';
  readonly epochs: number;
  readonly factor: number;
}

/**
 * The learning rate during an epoch (counted from 0). With a warm-up the schedule starts when it ends, as PyTorch's
 * SequentialLR of torchvision's recipes has it.
 */
export function learningRateAt(
  recipe: {
    readonly epochs: number;
    readonly learning_rate: number;
    readonly schedule: Schedule;
    readonly warmup: WarmUp;
  },
  epoch: number,
): number {
  const { learning_rate: base, schedule, warmup, epochs } = recipe;
  if (epoch < warmup.epochs) {
    if (warmup.kind === 'constant') return base * warmup.factor;
    return base * (warmup.factor + (1 - warmup.factor) * (epoch / warmup.epochs));
  }
  return scheduled({ base, schedule, epochs: epochs - warmup.epochs }, epoch - warmup.epochs);
}

function scheduled(
  { base, schedule, epochs }: { base: number; schedule: Schedule; epochs: number },
  epoch: number,
): number {
  switch (schedule.kind) {
    case 'constant':
      return base;
    case 'step':
      return base * schedule.factor ** Math.floor(epoch / schedule.every);
    case 'multistep':
      return base * schedule.factor ** schedule.at.filter((milestone) => milestone <= epoch).length;
    case 'exponential':
      return base * schedule.factor ** epoch;
    case 'cosine':
      return schedule.minimum + ((base - schedule.minimum) * (1 + Math.cos((Math.PI * epoch) / epochs))) / 2;
  }
}
