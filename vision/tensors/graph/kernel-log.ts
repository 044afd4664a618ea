import type { tf } from '../tf.ts';
import { adamKernel } from './adam-kernel.ts';
import { nodeAttributes } from './attributes.ts';
import type { Binding, Handle, KernelAttribute, NativeBackend } from './backend.ts';
import { nodeOf, outputOf, type ConstantValue, type GraphNode } from './node.ts';

/** Of what a recording knows nothing. */
export interface Stranger {
  readonly id: number;
  /** What reads it, for people. */
  readonly reader: string;
}

export interface LogRequest {
  readonly backend: NativeBackend;
  /** In front of the nodes' names. */
  readonly prefix: string;
  /**
   * Whether a kernel that reads neither what is known nor what follows from it is left out, so that its results are
   * strangers to those that do.
   */
  readonly skipsIndependent: boolean;
  /** The node output that stands for a tensor from elsewhere. Throws where there must be none. */
  readonly nodeOfStranger: (stranger: Stranger) => string;
}

/** Bytes of the largest array of different values that becomes a constant of the graph. */
const LARGEST_CONSTANT = 16 * 2 ** 20;

/** A log of what reaches TensorFlow, as nodes of a graph. Each tensor is known by its handle, and no handle is used twice. */
export class KernelLog {
  readonly #request: LogRequest;
  readonly #nodes: GraphNode[] = [];
  /** Handle -> the node output that gives its tensor. */
  readonly #known = new Map<number, string>();
  /** Handle -> what a tensor was made of that is numbers. A node once a kernel in the log reads it. */
  readonly #constants = new Map<number, { readonly value: ConstantValue; node?: string }>();
  /** Arrays that became tensors while the log was kept. */
  readonly #madeWithin = new WeakSet<object>();

  constructor(request: LogRequest) {
    this.#request = request;
  }

  /** Says which node gives a tensor. */
  know(tensor: tf.Tensor, node: string): void {
    this.#known.set(this.#idOf(tensor), node);
  }

  /** The node output that gives a tensor, which the caller calls `name`. */
  nodeOf(tensor: tf.Tensor, name: string): string {
    return this.#sourceOf({ id: this.#idOf(tensor), reader: `the result '${name}'` });
  }

  /** Keeps the log while `work` runs. */
  during(work: () => void): void {
    const { backend } = this.#request;
    const { binding } = backend;
    const move = backend.move.bind(backend);
    backend.binding = this.#logged(binding);
    backend.move = (dataId, values, ...rest) => {
      if (typeof values === 'object' && values !== null) this.#madeWithin.add(values);
      move(dataId, values, ...rest);
    };
    try {
      work();
    } finally {
      backend.binding = binding;
      // The class' own comes to light again.
      Reflect.deleteProperty(backend, 'move');
    }
  }

  /** The nodes that the outputs given depend on, in the order in which they ran. */
  nodesBehind(outputs: readonly string[]): readonly GraphNode[] {
    const needed = new Set(outputs.map(nodeOf));
    const kept = this.#nodes.toReversed().filter(({ name, inputs }) => {
      if (!needed.has(name)) return false;
      for (const input of inputs) needed.add(nodeOf(input));
      return true;
    });
    return kept.toReversed();
  }

  #idOf(tensor: tf.Tensor): number {
    return this.#request.backend.getInputTensorIds([tensor])[0]!;
  }

  /** The binding, but for the functions that the log has to know of. Its own properties are read-only, so they are covered. */
  #logged(binding: Binding): Binding {
    const functions: Pick<Binding, 'executeOp' | 'createTensor' | 'tensorDataSync' | 'recorded'> = {
      recorded: !this.#request.skipsIndependent,
      executeOp: (op, attributes, ids, count) => {
        const outputs =
          op === adamKernel
            ? ids.slice(0, count).map((id) => binding.executeOp('Identity', [], [id], 1)[0]!)
            : binding.executeOp(op, attributes, ids, count);
        if (!this.#request.skipsIndependent || ids.some((id) => this.#known.has(id)))
          this.#log({ op, attributes, ids, outputs });
        return outputs;
      },
      createTensor: (shape, type, values) => {
        const id = binding.createTensor(shape, type, values);
        const bytes = contentsOf(values);
        if (this.#madeWithin.has(values) && bytes.length <= LARGEST_CONSTANT)
          this.#constants.set(id, { value: { type, shape, bytes } });
        return id;
      },
      tensorDataSync: (id) => {
        if (this.#known.has(id) || !this.#request.skipsIndependent)
          throw new Error('a program reads values of a tensor: what depends on values cannot be recorded');
        return binding.tensorDataSync(id);
      },
    };
    const covers = Object.entries(functions).map(([name, value]) => [name, { value }] as const);
    return Object.create(binding, Object.fromEntries(covers)) as Binding;
  }

  #log(ran: {
    readonly op: string;
    readonly attributes: readonly KernelAttribute[];
    readonly ids: readonly number[];
    readonly outputs: readonly Handle[];
  }): void {
    const { op, attributes, ids, outputs } = ran;
    const inputs = ids.map((id, index) => this.#sourceOf({ id, reader: `input ${index} of ${op}` }));
    const name = this.#add({
      op,
      inputs,
      attributes: nodeAttributes(this.#request.backend.binding, { op, attributes, outputs }),
    });
    for (const [index, { id }] of outputs.entries()) this.#known.set(id, outputOf(name, index));
  }

  #sourceOf(stranger: Stranger): string {
    const { id } = stranger;
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const constant = this.#constants.get(id);
    if (constant === undefined) return this.#request.nodeOfStranger(stranger);
    constant.node ??= this.#add(constantNode(constant.value));
    return constant.node;
  }

  #add(node: Omit<GraphNode, 'name'>): string {
    const name = `${this.#request.prefix}${node.op.replace(/^_/, '')}_${this.#nodes.length}`;
    this.#nodes.push({ ...node, name });
    return name;
  }
}

function constantNode(value: ConstantValue): Omit<GraphNode, 'name'> {
  const dtype = { kind: 'type', value: value.type } as const;
  return { op: 'Const', inputs: [], attributes: { dtype, value: { kind: 'tensor', value } } };
}

/** A copy of an array's bytes; of its first element only where all are the same, as in the ones that gradients make. */
function contentsOf(values: ArrayBufferView): Uint8Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const width = (values as Float32Array).BYTES_PER_ELEMENT;
  // Every byte is the one an element before it.
  const uniform = bytes.length > 0 && Buffer.compare(bytes.subarray(width), bytes.subarray(0, -width)) === 0;
  return uniform ? bytes.slice(0, width) : bytes.slice();
}
