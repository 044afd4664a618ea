import type { Network } from '../../../vision/models/network.ts';
import type { Masks } from '../../../vision/pruning/masks.ts';
import { runEagerly, tf } from '../../../vision/tensors/index.ts';
import { finalNames, finalState } from '../../../vision/training/final-state.ts';
import { partsOf } from '../../../vision/training/parts-of-recipe.ts';
import { trainingPrograms } from '../../../vision/training/programs.ts';
import { completed } from '../../../vision/training/recipe-defaults.ts';
import type { Recipe } from '../../../vision/training/recipe.ts';
import { recipeNamed } from '../../../vision/training/recipes.ts';
import { startState } from '../../../vision/training/start-state.ts';
import { inputNames, stateNames } from '../../../vision/training/state-names.ts';
import type { StateDict } from '../../../vision/weights/state-dict.ts';

/** A recipe for tests: every field has a value, those that are given their own. */
export function recipeWith(fields: Partial<Recipe>): Recipe {
  return { ...completed(recipeNamed('cifar')!), ...fields };
}

export interface TestBatch {
  readonly images: tf.Tensor;
  readonly labels: tf.Tensor;
}

/** Trains a network step by step on given batches. */
export class Trainee implements Disposable {
  readonly #network: Network;
  readonly #parts: ReturnType<typeof partsOf>;
  readonly #programs: ReturnType<typeof runEagerly>;
  #steps = 0;

  constructor(network: Network, from: { initial: StateDict; masks?: Masks; recipe: Recipe }) {
    this.#network = network;
    this.#parts = partsOf(network, from.recipe);
    const state = startState(this.#parts, { masks: undefined, ...from });
    this.#programs = runEagerly(trainingPrograms(this.#parts), state);
  }

  /** One step on one batch. Returns its mean loss. */
  async step({ images, labels }: TestBatch, learningRate: number): Promise<number> {
    this.#programs.write(stateNames.meters, new Float32Array(2));
    const inputs = new Map([
      [inputNames.images, images],
      [inputNames.labels, labels],
    ]);
    this.#run('step', new Map([...inputs, ...this.#scalars(learningRate)]));
    return this.#meanLoss(images.shape[0]);
  }

  /** One step on several batches, each with a share of its images. */
  stepOn(batches: readonly TestBatch[], learningRate: number): void {
    const total = batches.reduce((sum, { images }) => sum + images.shape[0], 0);
    for (const { images, labels } of batches) {
      const weight = tf.scalar(images.shape[0] / total);
      this.#run(
        'accumulate',
        new Map([
          [inputNames.images, images],
          [inputNames.labels, labels],
          [inputNames.weight, weight],
        ]),
      );
      weight.dispose();
    }
    this.#run('update', this.#scalars(learningRate));
  }

  read(name: string): Promise<Float32Array> {
    return this.#programs.read([name]).then((values) => values.get(name)!);
  }

  /** The state dict as it stands. */
  async dict(): Promise<StateDict> {
    const values = await this.#programs.read(finalNames(this.#network, { averages: false }));
    return finalState(this.#parts, { values, averages: false });
  }

  [Symbol.dispose](): void {
    this.#programs.dispose();
  }

  #run(name: string, inputs: ReadonlyMap<string, tf.Tensor>): void {
    this.#programs.step(name, inputs);
    for (const [input, tensor] of inputs) if (input.startsWith(inputNames.scalar(''))) tensor.dispose();
    if (name !== 'accumulate') this.#steps += 1;
  }

  #scalars(learningRate: number): Map<string, tf.Tensor> {
    const { optimiser, settings } = this.#parts;
    const scalars = optimiser.scalars(settings, { learningRate, step: this.#steps + 1 });
    return new Map(
      Object.entries(scalars).map(([name, value]) => [inputNames.scalar(name), tf.scalar(value)]),
    );
  }

  async #meanLoss(images: number): Promise<number> {
    return (await this.read(stateNames.meters))[0]! / images;
  }
}
