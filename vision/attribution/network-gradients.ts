import type { Network, State } from '../models/network.ts';
import { tf } from '../tensors/index.ts';
import { attentionSource, type AttentionTaps } from './attention-source.ts';
import type { CamSource, Differentiable, InputGradients, Logits, Targets } from './differentiable.ts';
import type { ImageBatch } from './image-batch.ts';
import { sliceImages } from './image-batch.ts';
import { imagesThatFit } from './pass-size.ts';
import { chosenMask } from './passes/choose.ts';
import { inputPass } from './passes/input-pass.ts';
import type { Pass } from './passes/pass.ts';
import { PassRunner, type Rows, type RowsOut } from './passes/run-passes.ts';
import { stagePass } from './passes/stage-pass.ts';
import { walkPaths } from './passes/walk-paths.ts';
import { layersFor } from './relevance/composites.ts';

export interface NetworkGradientsRequest {
  readonly network: Network;
  /** Parameters and buffers, owned by the caller. They must not change, and must stay until `dispose`. */
  readonly state: State;
  readonly cam: CamSource;
  /** Where the network's attention is, if it has any. */
  readonly attention?: AttentionTaps;
  /** About how many bytes a forward and backward pass may hold; decides how many images go together. Default 2 GiB. */
  readonly memoryBytes?: number;
  /** How often each question is going to be asked, about: what is asked often is prepared. Default: once. */
  readonly calls?: number;
}

/** Gradients of a network in evaluation mode, as plain arrays. Holds prepared passes until it is disposed of. */
export function networkGradients(request: NetworkGradientsRequest): Differentiable & Disposable {
  const { network, state, cam, attention, calls = 1 } = request;
  const evaluated = { network, state };
  const runner = new PassRunner();
  let fitting: Promise<number> | undefined;
  // All images of a data set have the input's size: one look serves them all.
  const together = (images: ImageBatch): Promise<number> =>
    (fitting ??= imagesThatFit(request.memoryBytes ?? 2 ** 31, () =>
      tf.tidy(() =>
        tf.grad((input) => tf.sum(network.forward({ state, input })))(
          tf.tensor(sliceImages(images, 0, 1).data, [1, images.height, images.width, 3]),
        ),
      ),
    ));
  const run = async (
    name: string,
    pass: () => Pass,
    { images, targets }: { readonly images: ImageBatch; readonly targets?: Targets },
  ): Promise<RowsOut[]> => {
    const inputs = [imageRows(images)];
    if (targets !== undefined && targets !== 'predicted') inputs.push(maskRows(targets, network.classes));
    const rows = images.count;
    return runner.run({ name, pass, inputs, rows, together: await together(images), calls });
  };
  const logitsOf = ({ data }: RowsOut): Logits => ({ classes: network.classes, data });
  const toInputs = ([logits, gradients]: RowsOut[]): InputGradients => ({
    logits: logitsOf(logits!),
    gradients: gradients!.data,
  });

  return {
    cam,
    ...(attention === undefined
      ? {}
      : { attention: attentionSource(evaluated, { ...attention, runner, calls }) }),
    logits: async (images) => {
      const forward: Pass = ([input]) => [network.forward({ state, input: input! })];
      const [logits] = await run('logits', () => forward, { images });
      return logitsOf(logits!);
    },
    inputGradients: async ({ relu = 'plain', ...asked }) =>
      toInputs(await run(`input ${relu}`, () => inputPass(evaluated, { relu, share: 'one' }), asked)),
    relevance: async ({ rule, epsilon, ...asked }) => {
      const pass = (): Pass => inputPass(evaluated, { layers: layersFor(rule, epsilon), share: 'logit' });
      return toInputs(await run(`relevance ${rule} ${epsilon}`, pass, asked));
    },
    stageGradients: async ({ stage, guided = false, ...asked }) => {
      const name = `stage ${stage}${guided ? ' guided' : ''}`;
      const [logits, values, gradients, byImage] = await run(
        name,
        () => stagePass(evaluated, { stage, guided }),
        asked,
      );
      const [height = 0, width = 0, channels = 0] = values!.shape;
      return {
        ...{ logits: logitsOf(logits!), height, width, channels },
        ...{ activations: values!.data, gradients: gradients!.data },
        ...(byImage === undefined ? {} : { guided: byImage.data }),
      };
    },
    pathGradients: async (path) =>
      walkPaths(path, { evaluated, runner, together: await together(path.images), calls }),
    [Symbol.dispose]: () => {
      runner.dispose();
    },
  };
}

function imageRows({ height, width, data }: ImageBatch): Rows {
  return { shape: [height, width, 3], data };
}

function maskRows(targets: Int32Array, classes: number): Rows {
  return { shape: [classes], data: chosenMask(targets, classes) };
}
