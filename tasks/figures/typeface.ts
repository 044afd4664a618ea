import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import opentype from 'opentype.js';
import type { Font } from 'opentype.js';

/** Letters of one family: how wide text is, and its outlines. */
export interface Typeface {
  /** As SVG names it: what journals ask for first, then what has the same widths, then whatever there is. */
  readonly family: string;
  /** In the units of `size`. */
  readonly widthOf: (text: string, style: TextStyle) => number;
  /** Path data of the text, whose baseline begins at the origin. */
  readonly outlineOf: (text: string, style: TextStyle) => string;
  /** The text in pieces that one font file has the letters of, from left to right. */
  readonly runsOf: (text: string, style: TextStyle) => readonly TextRun[];
}

export interface TextRun {
  readonly text: string;
  /** Path of the font file. */
  readonly font: string;
  /** From where the text begins, in the units of `size`. */
  readonly x: number;
}

export interface TextStyle {
  readonly size: number;
  readonly bold: boolean;
}

/** Arimo and Tinos have the widths of Helvetica (Arial) and of Times, and come with the package: no machine needs fonts. */
const families = {
  sans: {
    files: '@fontsource/arimo/files/arimo',
    family: 'Helvetica, Arial, Arimo, Liberation Sans, sans-serif',
  },
  serif: {
    files: '@fontsource/tinos/files/tinos',
    family: 'Times New Roman, Times, Tinos, Liberation Serif, serif',
  },
} as const;

export type FamilyName = keyof typeof families;

/** Parts of the fonts, the first that has a letter draws it. */
const subsets = ['latin', 'latin-ext', 'greek', 'cyrillic'] as const;

export function typefaceOf(name: FamilyName): Typeface {
  const { files, family } = families[name];
  const fonts = new Map<string, Font>();
  const fontAt = (path: string): Font => {
    const font = fonts.get(path) ?? readFont(path);
    fonts.set(path, font);
    return font;
  };
  const pathOf = (subset: string, bold: boolean): string =>
    `${files}-${subset}-${bold ? 700 : 400}-normal.woff`;
  /** What no font has is drawn as the first font draws what it lacks. */
  const pieces = (text: string, bold: boolean): { readonly path: string; readonly text: string }[] => {
    const found: { path: string; text: string }[] = [];
    for (const letter of text.replaceAll('\u202f', '\u2009')) {
      const paths = subsets.map((subset) => pathOf(subset, bold));
      const path = paths.find((one) => fontAt(one).charToGlyphIndex(letter) > 0) ?? paths[0]!;
      const last = found.at(-1);
      if (last?.path === path) last.text += letter;
      else found.push({ path, text: letter });
    }
    return found;
  };
  const placed = (text: string, { size, bold }: TextStyle): (TextRun & { readonly end: number })[] => {
    let end = 0;
    return pieces(text, bold).map((piece) => {
      const x = end;
      end += fontAt(piece.path).getAdvanceWidth(piece.text, size);
      return { text: piece.text, font: piece.path, x, end };
    });
  };
  return {
    family,
    widthOf: (text, style) => placed(text, style).at(-1)?.end ?? 0,
    outlineOf: (text, style) =>
      placed(text, style)
        .map((run) => fontAt(run.font).getPath(run.text, run.x, 0, style.size).toPathData(3))
        .join(''),
    runsOf: (text, style) =>
      placed(text, style).map((run) => ({ text: run.text, font: fontFile(run.font), x: run.x })),
  };
}

function fontFile(path: string): string {
  return createRequire(import.meta.url).resolve(path);
}

function readFont(path: string): Font {
  const bytes = readFileSync(fontFile(path));
  return opentype.parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
