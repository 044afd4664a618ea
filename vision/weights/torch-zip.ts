import { fromRandomAccessReaderPromise, RandomAccessReader } from 'yauzl';
import type { ByteSource } from './byte-source.ts';
import { WeightsError } from './failure.ts';
import { largestPickleBytes, readPickle } from './pickle.ts';
import { torchHost, type ByteRange, type TorchArchive } from './torch-tensors.ts';

/**
 * The format of torch.save since 1.6: an uncompressed zip whose entries lie in one folder, `data.pkl` with the value
 * and `data/KEY` with the bytes of each storage.
 */
export async function readZipTorch(file: ByteSource): Promise<TorchArchive> {
  const entries = await storedEntries(file);
  const pickle = [...entries.keys()].find((name) => name === 'data.pkl' || name.endsWith('/data.pkl'));
  if (pickle === undefined) throw new WeightsError('unknown-format', "a zip without torch.save's data.pkl");
  const folder = pickle.slice(0, -'data.pkl'.length);
  const order = entries.get(`${folder}byteorder`);
  if (order !== undefined && (await shortText(file, order)) !== 'little')
    throw new WeightsError('unknown-format', 'a file of a big-endian machine');
  const { begin, end } = entries.get(pickle)!;
  if (end - begin > largestPickleBytes)
    throw new WeightsError('too-large', `a pickle of ${end - begin} bytes`);
  return {
    value: readPickle(await file.read(begin, end), 0, torchHost).value,
    rangeOf: ({ key }) => {
      const range = entries.get(`${folder}data/${key}`);
      if (range === undefined) throw new WeightsError('truncated', `the storage '${key}' is not in the file`);
      return range;
    },
  };
}

async function shortText(file: ByteSource, { begin, end }: ByteRange): Promise<string> {
  return new TextDecoder().decode(await file.read(begin, Math.min(end, begin + 100)));
}

/** Entry name -> where its bytes lie. */
async function storedEntries(file: ByteSource): Promise<ReadonlyMap<string, ByteRange>> {
  const entries = new Map<string, ByteRange>();
  const reader = new SourceReader(file);
  try {
    const zip = await fromRandomAccessReaderPromise(reader, file.size, {
      lazyEntries: true,
      autoClose: false,
    });
    for await (const entry of zip.eachEntry()) {
      if (entry.compressionMethod !== 0)
        throw new WeightsError(
          'unknown-format',
          `'${entry.fileName}' is compressed, which torch.save never does`,
        );
      const { fileDataStart: begin } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
      const end = begin + entry.uncompressedSize;
      if (end > file.size) throw new WeightsError('truncated', `'${entry.fileName}' ends beyond the file`);
      entries.set(entry.fileName, { begin, end });
    }
  } catch (error) {
    if (error instanceof WeightsError) throw error;
    if (reader.failure !== undefined) throw reader.failure;
    // What yauzl throws of bytes that could be read can only be about their content.
    throw new WeightsError('malformed', `not a readable zip: ${(error as Error).message}`);
  }
  return entries;
}

/** What yauzl reads from. */
class SourceReader extends RandomAccessReader {
  /** Why a range could not be read, where that was not for its lying outside the file. */
  failure: Error | undefined;
  readonly #file: ByteSource;

  constructor(file: ByteSource) {
    super();
    this.#file = file;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    const end = position + length;
    if (position < 0 || end > this.#file.size) {
      callback(new Error('unexpected EOF'));
      return;
    }
    this.#file.read(position, end).then(
      (bytes) => {
        buffer.set(bytes, offset);
        callback(null);
      },
      (error: unknown) => {
        this.failure = error as Error;
        callback(this.failure);
      },
    );
  }
}
