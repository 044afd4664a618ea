/** One decision on a cue-conflict image. */
export interface CueConflictTrial {
  readonly decision: string;
  readonly shape: string;
  readonly texture: string;
}

export interface ShapeBias {
  /** Share of all trials, as model-vs-human counts them, that had a conflict and were decided by shape; by texture. */
  readonly shapeShare: number;
  readonly textureShare: number;
  /** shape / (shape + texture); undefined where neither ever decided. */
  readonly bias: number | undefined;
  /** Trials whose shape and texture differ; the bias leaves out the others. */
  readonly conflicts: number;
}

/** Shape bias (Geirhos et al. 2019, section 2). Undefined where no trial has a conflict. */
export function shapeBias(trials: readonly CueConflictTrial[]): ShapeBias | undefined {
  const conflicts = trials.filter((trial) => trial.shape !== trial.texture);
  if (conflicts.length === 0) return undefined;
  const shape = conflicts.filter((trial) => trial.decision === trial.shape).length;
  const texture = conflicts.filter((trial) => trial.decision === trial.texture).length;
  return {
    shapeShare: shape / trials.length,
    textureShare: texture / trials.length,
    bias: shape + texture === 0 ? undefined : shape / (shape + texture),
    conflicts: conflicts.length,
  };
}
