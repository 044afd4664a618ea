import type { JsonObject } from '../../cache/json.ts';
import type { Listing } from '../../engine/contract/data-adapter.ts';
import type { JsonSchema } from '../../engine/contract/json-schema.ts';
import { type Decoding, usualDecoding } from '../../vision/data/decoding.ts';
import { optionalText, optionalTexts } from './options.ts';

/** What torchvision's loader makes of them, for data sets whose published figures come from it. */
export const asTorchvision: Decoding = { ...usualDecoding, cmyk: 'simple' };

/** Options of data sets whose images come from anywhere: what is made of the difficult ones. */
export function imageOptions(usual: Decoding = usualDecoding): { readonly [name: string]: JsonSchema } {
  return {
    exif: {
      enum: ['ignore', 'apply'],
      default: usual.exif,
      description: 'Whether the orientation noted by a camera turns the image.',
    },
    cmyk: {
      enum: ['profile', 'simple'],
      default: usual.cmyk,
      description:
        "Printers' colours by a profile (libvips), or simply, as Pillow and so torchvision has it.",
    },
    damaged: {
      enum: ['fail', 'keep'],
      default: usual.damaged,
      description:
        'A damaged or truncated image fails the task by name, or is kept as far as it can be read.',
    },
    exclude: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      minItems: 1,
      uniqueItems: true,
      description: 'Images to leave out, as paths under the root.',
    },
  };
}

export function decodingOf(options: JsonObject, usual: Decoding = usualDecoding): Decoding {
  const chosen = <Field extends keyof Decoding>(field: Field): Decoding[Field] =>
    (optionalText(options, field) ?? usual[field]) as Decoding[Field];
  return { exif: chosen('exif'), cmyk: chosen('cmyk'), damaged: chosen('damaged') };
}

/** A listing without what the study excludes; a name that is not in it is most likely a slip. */
export function withoutExcluded(paths: readonly string[], options: JsonObject): Listing {
  const excluded = optionalTexts(options, 'exclude') ?? [];
  if (excluded.length === 0) return { kind: 'listed', paths };
  const listed = new Set(paths);
  const slip = excluded.find((path) => !listed.has(path));
  if (slip !== undefined)
    return {
      kind: 'unusable',
      message: `exclude: the data set has no image ${slip}`,
      hint: `paths are those of failures, e.g. ${paths[0] ?? 'CLASS/IMAGE.jpg'}`,
    };
  const out = new Set(excluded);
  return { kind: 'listed', paths: paths.filter((path) => !out.has(path)) };
}
