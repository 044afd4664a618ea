import type { Raster } from '../../vision/data/image-set.ts';
import { resize } from '../../vision/data/resize.ts';
import type { PixelBox } from '../../vision/discovery/pixel-box.ts';
import type { Colour } from './colour-map.ts';

/** Boxes in pixels of the image. */
export interface ShownBoxes {
  readonly found: PixelBox | undefined;
  readonly truth: readonly PixelBox[];
}

/** Longer sides of previews: drawings of 32 pixels are enlarged, photographs shrunk. */
const smallest = 160;
const largest = 320;

const white: Colour = [255, 255, 255];
const orange: Colour = [255, 150, 20];

/** The image at a size at which lines can be seen: small ones by a whole factor, so that pixels stay what they are. */
export function previewSize(image: Raster): Raster {
  const longer = Math.max(image.width, image.height);
  if (longer >= smallest && longer <= largest) return image;
  if (longer < smallest) return enlarged(image, Math.ceil(smallest / longer));
  const scale = largest / longer;
  const side = (pixels: number): number => Math.max(1, Math.round(pixels * scale));
  return resize(image, {
    width: side(image.width),
    height: side(image.height),
    interpolation: 'bilinear',
  });
}

/**
 * The annotated boxes dashed in white, the found one in solid orange above them, each line with a dark edge: told apart on
 * any image, and in grey print.
 */
export function drawBoxes(image: Raster, { found, truth }: ShownBoxes): Raster {
  const shown = previewSize(image);
  const data = new Uint8Array(shown.data);
  const canvas = { ...shown, data };
  const scaled = ({ x0, y0, x1, y1 }: PixelBox): PixelBox => {
    const [x, y] = [shown.width / image.width, shown.height / image.height];
    return { x0: x0 * x, y0: y0 * y, x1: x1 * x, y1: y1 * y };
  };
  for (const box of truth) drawBox(canvas, scaled(box), { colour: white, dash: 6 });
  if (found !== undefined) drawBox(canvas, scaled(found), { colour: orange });
  return canvas;
}

interface Line {
  readonly colour: Colour;
  /** Pixels drawn and left out in turns; undefined: all are drawn. */
  readonly dash?: number;
}

/** Two pixels of colour within the box's edge, one of shadow on either side. */
function drawBox(canvas: Raster, box: PixelBox, { colour, dash }: Line): void {
  const [left, top] = [Math.round(box.x0), Math.round(box.y0)];
  const [right, bottom] = [Math.round(box.x1) - 1, Math.round(box.y1) - 1];
  const frame = (inset: number, pixel: (x: number, y: number, along: number) => void): void => {
    const [l, t, r, b] = [left + inset, top + inset, right - inset, bottom - inset];
    for (let x = l; x <= r; x++) for (const y of [t, b]) pixel(x, y, x - l);
    for (let y = t; y <= b; y++) for (const x of [l, r]) pixel(x, y, y - t);
  };
  const isGap = (along: number): boolean => dash !== undefined && Math.floor(along / dash) % 2 === 1;
  for (const inset of [-1, 2]) {
    frame(inset, (x, y, along) => {
      if (!isGap(along)) mix(canvas, { x, y }, { colour: [0, 0, 0], cover: 0.55 });
    });
  }
  for (const inset of [0, 1]) {
    frame(inset, (x, y, along) => {
      if (!isGap(along)) mix(canvas, { x, y }, { colour, cover: 1 });
    });
  }
}

interface Stroke {
  readonly colour: Colour;
  readonly cover: number;
}

function mix(
  canvas: Raster,
  { x, y }: { readonly x: number; readonly y: number },
  { colour, cover }: Stroke,
): void {
  if (x < 0 || y < 0 || x >= canvas.width || y >= canvas.height) return;
  const at = (y * canvas.width + x) * 3;
  colour.forEach((value, channel) => {
    canvas.data[at + channel] = Math.round(canvas.data[at + channel]! * (1 - cover) + value * cover);
  });
}

/** Each pixel as a square of `factor` pixels. */
function enlarged({ width, height, data }: Raster, factor: number): Raster {
  const out = new Uint8Array(width * height * factor * factor * 3);
  for (let y = 0; y < height * factor; y++) {
    for (let x = 0; x < width * factor; x++) {
      const from = (Math.floor(y / factor) * width + Math.floor(x / factor)) * 3;
      out.set(data.subarray(from, from + 3), (y * width * factor + x) * 3);
    }
  }
  return { width: width * factor, height: height * factor, data: out };
}
