import type { MarkOptions } from '@observablehq/plot';
import type { Door } from '../study/doors.ts';

/**
 * Attributes by which a script finds what a mark, or a cell of a table, rests on. All values are numbers; those of a mean's members stand
 * between slashes.
 */
export function doorAttributes({ members, line }: Door): readonly (readonly [string, string])[] {
  return [
    ['data-door', members.map(({ sources }) => sources.join(' ')).join('/')],
    ['data-score', members.map(({ score }) => score).join('/')],
    ['data-line', String(line)],
  ];
}

/**
 * Options for a mark that draws one element for each of `data`: each element is given the attributes of its datum's door. Plot has
 * channels for titles and links, and none for other attributes.
 */
export function doored(data: readonly { readonly door?: Door | undefined }[]): Pick<MarkOptions, 'render'> {
  return {
    render: (index, scales, values, dimensions, context, next) => {
      const drawn: unknown = next!(index, scales, values, dimensions, context);
      const elements = [...(drawn as Drawn).children];
      index.forEach((place, i) => {
        const door = data[place]?.door;
        if (door === undefined) return;
        for (const [name, value] of doorAttributes(door)) elements[i]!.setAttribute(name, value);
      });
      return drawn;
    },
  };
}

interface Drawn {
  readonly children: Iterable<{ setAttribute(name: string, value: string): void }>;
}
