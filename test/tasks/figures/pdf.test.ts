import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { paintOf } from '../../../tasks/figures/pdf/paint.ts';
import { pdfOf } from '../../../tasks/figures/pdf/pdf-of.ts';
import { transformOf } from '../../../tasks/figures/pdf/transform.ts';
import { readMarkup } from '../../../tasks/figures/element.ts';
import { typefaceOf } from '../../../tasks/figures/typeface.ts';

const typeface = typefaceOf('sans');

function figure(inside: string): string {
  return `<svg width="85mm" height="42.5mm" viewBox="0 0 200 100" font-size="11" fill="#1b1f24" color="#1b1f24">${inside}</svg>`;
}

/** A PDF's page as its drawing operators; streams that are no text (fonts, images) are left out. */
async function pageOf(inside: string): Promise<{ readonly file: string; readonly operators: string }> {
  const bytes = Buffer.from(await pdfOf(figure(inside), 'a figure', typeface));
  const file = bytes.toString('latin1');
  const streams = [...file.matchAll(/stream\n/g)].flatMap(({ index }) => {
    const from = index + 'stream\n'.length;
    const zipped = bytes.subarray(from, file.indexOf('\nendstream', from));
    return zipped[0] === 0x78 ? [inflateSync(zipped).toString('latin1')] : [];
  });
  return { file, operators: streams.find((one) => / cm\n/.test(one)) ?? '' };
}

describe('a figure as PDF', () => {
  it('has the size that the figure has on paper, in points', async () => {
    const { file } = await pageOf('<rect width="200" height="100" fill="#fff"/>');
    const [, width, height] = /MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(file)!;
    expect(Number(width)).toBeCloseTo((85 / 25.4) * 72, 3);
    expect(Number(height)).toBeCloseTo((42.5 / 25.4) * 72, 3);
  });

  it('keeps lines as lines, in their units, colour, dashes and place', async () => {
    const { operators } = await pageOf(
      `<g transform="translate(10,5)" stroke="#0067a5" stroke-dasharray="9 2.5"><line x1="1" y1="2" x2="3" y2="4" stroke-width="1.75"/></g>`,
    );
    expect(operators).toMatch(/1 0 0 1 10 5 cm/);
    expect(operators).toMatch(/1\.75 w/);
    expect(operators).toMatch(/\[9 2\.5\] 0 d/);
    expect(operators).toMatch(/1 2 m\s+3 4 l\s/);
    const [, ...colour] = /([\d.]+) ([\d.]+) ([\d.]+) SCN/.exec(operators)!;
    expect(colour.map((share) => Math.round(Number(share) * 255))).toEqual([0x00, 0x67, 0xa5]);
  });

  it('draws nothing of a shape without ink', async () => {
    const { operators } = await pageOf('<path d="M7 7H25" fill="none"/>');
    expect(operators).not.toMatch(/7 7 m/);
  });

  it('embeds the letters that it shows, so that words can be searched', async () => {
    const { file } = await pageOf('<text x="10" y="20">Sparsity</text>');
    expect(file).toMatch(/\/FontFile2/);
    expect(file).toMatch(/\+Arimo-Regular/);
    expect(file).toMatch(/\/ToUnicode/);
  });

  it('lays a halo behind its letters', async () => {
    const { operators } = await pageOf(
      '<text x="10" y="20" paint-order="stroke" stroke="#fff" stroke-width="4" fill="#1b1f24">79</text>',
    );
    // Each text is drawn within a `q … Q` of its own, in mode 0 (fill) where no other is set.
    const modes = [...operators.matchAll(/BT\n([\s\S]*?)ET/g)].map(([, text]) => /(\d) Tr/.exec(text!)?.[1]);
    expect(modes).toEqual(['1', undefined]);
  });

  it('holds no time: equal figures are equal bytes', async () => {
    const inside = '<text x="10" y="20">Sparsity</text><circle cx="1" cy="1" r="1" fill-opacity=".5"/>';
    expect((await pageOf(inside)).file).toBe((await pageOf(inside)).file);
  });

  it('says what it cannot draw, rather than to leave it out', async () => {
    await expect(pageOf('<ellipse/>')).rejects.toThrow('<ellipse>');
    await expect(pageOf('<g transform="skewX(3)"/>')).rejects.toThrow("'skewX'");
  });
});

describe('the transform of an element', () => {
  const at = (written: string, x: number, y: number): readonly number[] => {
    const [a, b, c, d, e, f] = transformOf(written);
    return [a * x + c * y + e, b * x + d * y + f].map((each) => Math.round(each * 1e9) / 1e9);
  };

  it('applies its steps from the last to the first, with one number or two', () => {
    expect(at('translate(10,20) rotate(-90)', 3, 0)).toEqual([10, 17]);
    expect(at('translate(5) scale(2)', 3, 4)).toEqual([11, 8]);
    expect(at('scale(2 3) translate(1 1)', 1, 1)).toEqual([4, 6]);
  });
});

describe('the paint of an element', () => {
  const paint = (markup: string) => paintOf(readMarkup(markup).querySelector('path')!);

  it('is inherited, a shape’s opacity being that of all around it', () => {
    expect(
      paint(
        '<svg color="#123456"><g fill="currentColor" opacity=".5"><path fill-opacity=".5" opacity=".5"/></g></svg>',
      ),
    ).toEqual({
      fill: { colour: '#123456', opacity: 0.125 },
      stroke: undefined,
      line: { width: 1, cap: 'butt', join: 'miter', dashes: [] },
    });
    expect(paint('<svg stroke="#fff"><path fill="none"/></svg>')).toMatchObject({
      fill: undefined,
      stroke: { colour: '#ffffff', opacity: 1 },
    });
  });
});
