import { open } from 'node:fs/promises';
import { pickled } from './pickle-writer.ts';
import { elementCount, type RawTensor } from './raw-tensor.ts';
import type { StoredTensor } from './stored-tensor.ts';
import { storageOf } from './torch-storages.ts';
import type { TensorsToWrite } from './write-safetensors.ts';
import { ZipWriter } from './zip-writer.ts';

/** PyTorch's own files start the bytes of each storage here, so that they can be mapped into memory. */
const alignment = 64;

/**
 * Writes a state dict as torch.save does since 1.6: a zip with a pickle of the names, types and shapes, and the bytes of
 * each tensor in an entry of its own. `torch.load` reads it, with `weights_only=True` too: an OrderedDict of tensors is all
 * that it asks for. The same tensors in the same order give the same bytes.
 */
export async function writeTorchFile(path: string, tensors: TensorsToWrite): Promise<void> {
  await using file = await open(path, 'w');
  const zip = new ZipWriter(file, alignment);
  await zip.add('archive/data.pkl', stateDictPickle(tensors));
  await zip.add('archive/byteorder', Buffer.from('little'));
  let key = 0;
  for (const [name, tensor] of tensors) {
    const { bytes } = 'bytes' in tensor ? tensor : await tensor.load();
    if (bytes.length === 0) throw new Error(`'${name}' is empty`);
    await zip.add(`archive/data/${key}`, bytes);
    key += 1;
  }
  // The version of the layout, which PyTorch asks for.
  await zip.add('archive/version', Buffer.from('3\n'));
  await zip.finish();
}

function stateDictPickle(tensors: TensorsToWrite): Buffer {
  const items = [...tensors].map(
    ([name, tensor], key) => [pickled.text(name), tensorPickle(tensor, key)] as const,
  );
  return Buffer.concat([pickled.start(), pickled.withItems(orderedDict(), items), pickled.stop()]);
}

/** `_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, backward_hooks)` */
function tensorPickle({ dtype, shape }: RawTensor | StoredTensor, key: number): Buffer {
  const storageClass = storageOf[dtype];
  if (storageClass === undefined) throw new Error(`PyTorch has no storage of ${dtype}`);
  const storage = pickled.persistent(
    pickled.tuple(
      pickled.text('storage'),
      pickled.global('torch', storageClass),
      pickled.text(String(key)),
      pickled.text('cpu'),
      pickled.count(elementCount(shape)),
    ),
  );
  const strides = shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
  return pickled.call(
    pickled.global('torch._utils', '_rebuild_tensor_v2'),
    pickled.tuple(
      storage,
      pickled.count(0),
      pickled.tuple(...shape.map(pickled.count)),
      pickled.tuple(...strides.map(pickled.count)),
      pickled.false(),
      orderedDict(),
    ),
  );
}

function orderedDict(): Buffer {
  return pickled.call(pickled.global('collections', 'OrderedDict'), pickled.emptyTuple());
}
