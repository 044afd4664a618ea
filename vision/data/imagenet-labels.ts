/** Which synset (WNID) each validation image shows, by its name without ending: `ILSVRC2012_val_00000001`. */
export type ImageNetLabels = ReadonlyMap<string, string>;

/** A text file in which people have the labels of ImageNet's validation images. */
export interface LabelForm {
  readonly file: string;
  /** Files one of which says what its numbers mean, where it has numbers. */
  readonly keys: readonly string[];
  /** Throws an `Error` that says what is wrong. `key` is the text of the key file, where there is one. */
  readonly read: (text: string, key: string | undefined) => ImageNetLabels;
}

/** WordNet's name of a class, e.g. `n01440764`. */
export function isSynset(text: string): boolean {
  return /^n\d{8}$/.test(text);
}

export const labelForms: readonly LabelForm[] = [
  // Kaggle: ImageId,PredictionString with the synset first, then its box.
  {
    file: 'LOC_val_solution.csv',
    keys: [],
    read: (text) => labelled(rows(text, /[\s,]+/).filter(([id]) => id !== 'ImageId')),
  },
  // TensorFlow's models: a synset a line, in the order of the images.
  {
    file: 'imagenet_2012_validation_synset_labels.txt',
    keys: [],
    read: (text) => labelled(rows(text).map(([synset], index) => [numbered(index), synset])),
  },
  // Caffe's and many others': image and synset, or image and its place among the sorted synsets, from 0.
  {
    file: 'val.txt',
    keys: ['synsets.txt', 'synset_words.txt', 'LOC_synset_mapping.txt'],
    read: (text, key) => {
      const synsets = rows(key ?? '').map(([synset]) => synset);
      return labelled(
        rows(text).map(([image, label = '']) => [image, isSynset(label) ? label : synsets[Number(label)]]),
      );
    },
  },
  // The development kit: a number a line, from 1, whose synset another of its files says.
  {
    file: 'ILSVRC2012_validation_ground_truth.txt',
    keys: ['map_clsloc.txt'],
    read: (text, key) => {
      const synsets = new Map(rows(key ?? '').map(([synset, id]) => [id, synset]));
      return labelled(rows(text).map(([id], index) => [numbered(index), synsets.get(id)]));
    },
  },
];

/** Of the kit's labels, whose order is that of the images. */
function numbered(index: number): string {
  return `ILSVRC2012_val_${String(index + 1).padStart(8, '0')}`;
}

function rows(text: string, between: RegExp = /\s+/): readonly (readonly (string | undefined)[])[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.split(between));
}

function labelled(pairs: readonly (readonly (string | undefined)[])[]): ImageNetLabels {
  const labels = new Map<string, string>();
  for (const [image = '', synset = ''] of pairs) {
    if (!isSynset(synset)) throw new Error(`it does not say the synset of ${image}`);
    labels.set(stem(image), synset);
  }
  return labels;
}

/** A file's name without folder and ending. */
export function stem(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
}
