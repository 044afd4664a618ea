import type { AttributeValue, ConstantValue, GraphNode } from './node.ts';
import { bytesField, encodeMessage, floatField, integerField, type Message } from './protobuf.ts';

/** The tag that the graph is loaded by. */
export const servingTag = 'serve';

/** From this version of graphs on TensorFlow has all that is used here. */
const PRODUCER = 1395;

/**
 * A graph as the bytes of a `saved_model.pb`. Field numbers are those of TensorFlow's saved_model.proto, meta_graph.proto,
 * graph.proto, node_def.proto, attr_value.proto, tensor.proto and tensor_shape.proto. The same nodes give the same bytes.
 */
export function encodeSavedModel(nodes: readonly GraphNode[]): Uint8Array {
  const graph = [
    ...nodes.flatMap((node) => bytesField(1, encodeNode(node))),
    ...bytesField(4, integerField(1, PRODUCER)),
  ];
  const metaInfo = bytesField(4, servingTag);
  const metaGraph = [...bytesField(1, metaInfo), ...bytesField(2, graph)];
  return encodeMessage([...integerField(1, 1), ...bytesField(2, metaGraph)]);
}

function encodeNode({ name, op, inputs, device, attributes }: GraphNode): Message {
  return [
    ...bytesField(1, name),
    ...bytesField(2, op),
    ...inputs.flatMap((input) => bytesField(3, input)),
    ...(device === undefined ? [] : bytesField(4, device)),
    ...Object.entries(attributes).flatMap(([key, value]) =>
      bytesField(5, [...bytesField(1, key), ...bytesField(2, encodeAttribute(value))]),
    ),
  ];
}

function encodeAttribute(attribute: AttributeValue): Message {
  switch (attribute.kind) {
    case 'text':
      return bytesField(2, attribute.value);
    case 'int':
      return integerField(3, attribute.value);
    case 'float':
      return floatField(4, attribute.value);
    case 'bool':
      return integerField(5, Number(attribute.value));
    case 'type':
      return integerField(6, attribute.value);
    case 'shape':
      return bytesField(7, encodeShape(attribute.value));
    case 'tensor':
      return bytesField(8, encodeTensor(attribute.value));
    case 'ints':
      return bytesField(
        1,
        attribute.value.flatMap((value) => integerField(3, value)),
      );
    case 'floats':
      return bytesField(
        1,
        attribute.value.flatMap((value) => floatField(4, value)),
      );
    case 'bools':
      return bytesField(
        1,
        attribute.value.flatMap((value) => integerField(5, Number(value))),
      );
  }
}

/** `tensor_content` holds all elements; the fields of their types may hold one that stands for all. */
function encodeTensor({ type, shape, bytes }: ConstantValue): Message {
  const field = valueFields[type];
  const elements = shape.reduce((product, extent) => product * extent, 1);
  const uniform = elements > 1 && field !== undefined && bytes.length === field.width;
  return [
    ...integerField(1, type),
    ...bytesField(2, encodeShape(shape)),
    ...(uniform ? field.encode(new DataView(bytes.buffer, bytes.byteOffset)) : bytesField(4, bytes)),
  ];
}

/** By `DataType`: DT_FLOAT, DT_INT32 and DT_BOOL. */
const valueFields: Readonly<Record<number, { width: number; encode: (bytes: DataView) => Message }>> = {
  1: { width: 4, encode: (bytes) => floatField(5, bytes.getFloat32(0, true)) },
  3: { width: 4, encode: (bytes) => integerField(7, bytes.getInt32(0, true)) },
  10: { width: 1, encode: (bytes) => integerField(11, bytes.getUint8(0)) },
};

function encodeShape(shape: readonly number[]): Message {
  return shape.flatMap((extent) => bytesField(2, integerField(1, extent)));
}
