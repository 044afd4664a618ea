import { errorConsistency } from './error-consistency.ts';

/** Two observers on the same trials: how alike they err, and how far their accuracies are apart. */
export interface PairComparison {
  /** Cohen's kappa of being right (`errorConsistency`). */
  readonly errorConsistency: number;
  readonly observedConsistency: number;
  /** Square of the difference of the accuracies, as model-vs-human has it. */
  readonly accuracyDifference: number;
  /** One value a trial for each of the three: see `compareObservers`. */
  readonly perTrial: {
    readonly errorConsistency: readonly number[];
    readonly observedConsistency: readonly number[];
    readonly accuracyDifference: readonly number[];
  };
}

/**
 * Compares two observers (Geirhos, Meding and Wichmann 2020, eq. 1-3; Geirhos et al. 2021, section 2). Undefined for no trials.
 *
 * Kappa and the squared difference are no means over trials. So that intervals over images can be drawn all the same,
 * `perTrial` holds the value plus the trial's influence on it (the infinitesimal jackknife: Efron and Tibshirani 1993, section
 * 21.3): their mean is exactly the value, and their spread gives its standard error to first order.
 */
export function compareObservers(
  first: readonly boolean[],
  second: readonly boolean[],
): PairComparison | undefined {
  const consistency = errorConsistency(first, second);
  if (consistency === undefined) return undefined;
  const { observed, expected, kappa } = consistency;
  const [p, q] = [shareRight(first), shareRight(second)];
  const gap = p - q;
  // Of the derivatives of (observed - expected) / (1 - expected); nothing moves it where both always agree.
  const byObserved = observed === 1 ? 0 : 1 / (1 - expected);
  const byExpected = observed === 1 ? 0 : -(1 - observed) / (1 - expected) ** 2;
  const trials = first.map((isRight, i) => {
    const [x, y] = [Number(isRight), Number(second[i])];
    const agrees = Number(x === y);
    const expectedShift = (2 * q - 1) * (x - p) + (2 * p - 1) * (y - q);
    return {
      kappa: kappa + byObserved * (agrees - observed) + byExpected * expectedShift,
      agrees,
      difference: gap ** 2 + 2 * gap * (x - y - gap),
    };
  });
  return {
    errorConsistency: kappa,
    observedConsistency: observed,
    accuracyDifference: gap ** 2,
    perTrial: {
      errorConsistency: trials.map((trial) => trial.kappa),
      observedConsistency: trials.map((trial) => trial.agrees),
      accuracyDifference: trials.map((trial) => trial.difference),
    },
  };
}

function shareRight(answers: readonly boolean[]): number {
  return answers.filter(Boolean).length / answers.length;
}
