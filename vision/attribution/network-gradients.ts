import type { Network, State } from '../models/network.ts';
import { attentionSource, type AttentionTaps } from './attention-source.ts';
import type { CamSource, Differentiable, InputGradients, Logits, Targets } from './differentiable.ts';
import type { ImageBatch } from './image-batch.ts';
import { chosenMask } from './passes/choose.ts';
import { inputPass } from './passes/input-pass.ts';
import type { Pass } from './passes/pass.ts';
import { PassRunner, rowsOf, type RowsOut } from './passes/run-passes.ts';
import { stagePass } from './passes/stage-pass.ts';
import { walkPaths } from './passes/walk-paths.ts';
import { layersFor } from './relevance/composites.ts';
import { captumRelevance } from './relevance/float64/captum-relevance.ts';

export interface NetworkGradientsRequest {
  readonly network: Network;
  /** Parameters and buffers, owned by the caller. They must not change, and must stay until `dispose`. */
  readonly state: State;
  readonly cam: CamSource;
  /** Where the network's attention is, if it has any. */
  readonly attention?: AttentionTaps;
  /** About how many bytes a forward and backward pass may hold; decides how many images go together. Default 2 GiB. */
  readonly memoryBytes?: number;
  /** How many images go together, where the caller knows. Default: as many as fit. */
  readonly together?: number;
  /** How often each question is going to be asked, about: what is asked often is prepared. Default: once. */
  readonly calls?: number;
}

/** Gradients of a network in evaluation mode, as plain arrays. Holds prepared passes until it is disposed of. */
export function networkGradients(request: NetworkGradientsRequest): Differentiable & Disposable {
  const { network, state, cam, attention, calls = 1, memoryBytes = 2 ** 31, together } = request;
  const evaluated = { network, state };
  const runner = new PassRunner({ memoryBytes, ...(together === undefined ? {} : { together }) });
  const run = async (
    name: string,
    pass: () => Pass,
    { images, targets }: { readonly images: ImageBatch; readonly targets?: Targets },
  ): Promise<RowsOut[]> => {
    const { height, width, data, count: rows } = images;
    const inputs = [rowsOf(data, [height, width, 3])];
    if (targets !== undefined && targets !== 'predicted')
      inputs.push(rowsOf(chosenMask(targets, network.classes), [network.classes]));
    const fitting = await runner.imagesThatFit({ name, pass }, (count) =>
      inputs.map(({ shape }) => [count, ...shape]),
    );
    return runner.run({ name, pass, inputs, rows, together: fitting, calls });
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
      if (rule === 'captum') return captumRelevance(evaluated, asked);
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
    pathGradients: async (path) => walkPaths(path, { evaluated, runner, calls }),
    [Symbol.dispose]: () => {
      runner.dispose();
    },
  };
}
