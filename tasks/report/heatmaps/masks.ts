import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { maskLevels } from '../../previews/draw-mask.ts';
import { html, trusted } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { outlineOf } from './outline.ts';
import type { Sight } from './shown.ts';

/** The masks of a figure: equal ones stand in the page once, however many models and maps they are drawn for. */
export interface Masks {
  /** The mask as a picture; undefined where the data set has none for the image. */
  readonly picture: (sight: Sight, alt: string) => Html | undefined;
  /** The object's outline, to lie over a map of the same crop. */
  readonly outline: (sight: Sight) => Html | undefined;
  /** What the others refer to; has to stand in the page once. */
  readonly definitions: Html;
  readonly count: number;
  /** Whether any has a void border. */
  readonly haveVoid: boolean;
}

interface Drawn {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly object: string;
  readonly void: string;
}

/** Reads the masks that sights name. */
export async function readMasks(sights: readonly Sight[]): Promise<Masks> {
  const byContent = new Map<string, Drawn>();
  const byFile = new Map<string, Drawn>();
  for (const sight of sights) {
    const file = maskFile(sight);
    if (file === undefined || byFile.has(file)) continue;
    const bytes = await readFile(file);
    const content = bytes.toString('latin1');
    const drawn = byContent.get(content) ?? (await draw(bytes, `object-${byContent.size}`));
    byContent.set(content, drawn);
    byFile.set(file, drawn);
  }
  const drawnFor = (sight: Sight): Drawn | undefined => byFile.get(maskFile(sight) ?? '');
  const all = [...byContent.values()];
  return {
    picture: (sight, alt) => {
      const drawn = drawnFor(sight);
      return drawn === undefined ? undefined : picture(drawn, alt);
    },
    outline: (sight) => {
      const drawn = drawnFor(sight);
      return drawn === undefined
        ? undefined
        : html`<svg class="outline" aria-hidden="true"><use href="#${drawn.name}-line" /></svg>`;
    },
    definitions: html`${all.length === 0 ? undefined : definitions(all)}`,
    count: all.length,
    haveVoid: all.some((drawn) => drawn.void !== ''),
  };
}

function maskFile({ set, item }: Sight): string | undefined {
  return item.mask === undefined ? undefined : join(set.dir, item.mask);
}

async function draw(png: Buffer, name: string): Promise<Drawn> {
  const { default: sharp } = await import('sharp');
  const { data, info } = await sharp(png).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const region = (level: number): string =>
    outlineOf({ width, height, isInside: (pixel) => data[pixel * channels] === level });
  return { name, width, height, object: region(maskLevels.object), void: region(maskLevels.void) };
}

function picture({ name, width, height, void: border }: Drawn, alt: string): Html {
  return html`<svg class="mask" viewBox="0 0 ${width} ${height}" role="img" aria-label="${alt}">
    <rect width="${width}" height="${height}" fill="#16191d" />
    ${border === '' ? undefined : html`<path d="${border}" fill="#8a9098" fill-rule="evenodd" />`}
    <use href="#${name}" fill="#fff" />
  </svg>`;
}

/** Each object as a path, and its outline as a light line with a dark edge: seen on dark and on bright maps. */
function definitions(all: readonly Drawn[]): Html {
  return html`<svg class="definitions" aria-hidden="true" width="0" height="0">
    <defs>
      ${all.map(
        ({ name, width, height, object }) =>
          html`<path
              id="${name}"
              d="${trusted(object)}"
              fill-rule="evenodd"
              vector-effect="non-scaling-stroke"
            />
            <symbol id="${name}-line" viewBox="0 0 ${width} ${height}">
              <use href="#${name}" class="edge" />
              <use href="#${name}" class="line" />
            </symbol>`,
      )}
    </defs>
  </svg>`;
}
