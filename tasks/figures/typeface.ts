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
  const fontFor = (subset: string, bold: boolean): Font => {
    const path = `${files}-${subset}-${bold ? 700 : 400}-normal.woff`;
    const font = fonts.get(path) ?? readFont(path);
    fonts.set(path, font);
    return font;
  };
  /** Runs of letters that one font has. What none has is drawn as the first font draws what it lacks. */
  const runs = (text: string, bold: boolean): { readonly font: Font; readonly text: string }[] => {
    const found: { font: Font; text: string }[] = [];
    for (const letter of text.replaceAll('\u202f', '\u2009')) {
      const subset = subsets.find((one) => fontFor(one, bold).charToGlyphIndex(letter) > 0) ?? subsets[0];
      const font = fontFor(subset, bold);
      const last = found.at(-1);
      if (last?.font === font) last.text += letter;
      else found.push({ font, text: letter });
    }
    return found;
  };
  return {
    family,
    widthOf: (text, { size, bold }) =>
      runs(text, bold).reduce((sum, run) => sum + run.font.getAdvanceWidth(run.text, size), 0),
    outlineOf: (text, { size, bold }) => {
      let at = 0;
      return runs(text, bold)
        .map((run) => {
          const path = run.font.getPath(run.text, at, 0, size).toPathData(3);
          at += run.font.getAdvanceWidth(run.text, size);
          return path;
        })
        .join('');
    },
  };
}

function readFont(path: string): Font {
  const bytes = readFileSync(createRequire(import.meta.url).resolve(path));
  return opentype.parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
