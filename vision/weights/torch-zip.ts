import { Buffer } from 'node:buffer';
import { fromBufferPromise } from 'yauzl';
import { WeightsError } from './failure.ts';
import { readPickle } from './pickle.ts';
import { torchHost, type TorchArchive } from './torch-tensors.ts';

/**
 * The format of torch.save since 1.6: an uncompressed zip whose entries lie in one folder, `data.pkl` with the value
 * and `data/KEY` with the bytes of each storage.
 */
export async function readZipTorch(file: Uint8Array): Promise<TorchArchive> {
  const entries = await storedEntries(file);
  const pickle = [...entries.keys()].find((name) => name === 'data.pkl' || name.endsWith('/data.pkl'));
  if (pickle === undefined) throw new WeightsError('unknown-format', "a zip without torch.save's data.pkl");
  const folder = pickle.slice(0, -'data.pkl'.length);
  const order = entries.get(`${folder}byteorder`);
  if (order !== undefined && new TextDecoder().decode(order) !== 'little')
    throw new WeightsError('unknown-format', 'a file of a big-endian machine');
  return {
    value: readPickle(entries.get(pickle)!, 0, torchHost).value,
    bytesOf: ({ key }) => {
      const bytes = entries.get(`${folder}data/${key}`);
      if (bytes === undefined) throw new WeightsError('truncated', `the storage '${key}' is not in the file`);
      return bytes;
    },
  };
}

/** Entry name -> its bytes, as views of the file. */
async function storedEntries(file: Uint8Array): Promise<ReadonlyMap<string, Uint8Array>> {
  const buffer = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const entries = new Map<string, Uint8Array>();
  try {
    const zip = await fromBufferPromise(buffer, { lazyEntries: true });
    for await (const entry of zip.eachEntry()) {
      if (entry.compressionMethod !== 0)
        throw new WeightsError(
          'unknown-format',
          `'${entry.fileName}' is compressed, which torch.save never does`,
        );
      const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
      const end = fileDataStart + entry.uncompressedSize;
      if (end > file.length) throw new WeightsError('truncated', `'${entry.fileName}' ends beyond the file`);
      entries.set(entry.fileName, file.subarray(fileDataStart, end));
    }
  } catch (error) {
    if (error instanceof WeightsError) throw error;
    // What yauzl throws of a buffer can only be about its content.
    throw new WeightsError('malformed', `not a readable zip: ${(error as Error).message}`);
  }
  return entries;
}
