/** The letter of a figure's next panel: (a), (b), … (z), (aa), … */
export type Letters = () => string;

export function lettersFrom(first: number): Letters {
  let place = first;
  return () => {
    const letter = String.fromCharCode(97 + (place % 26));
    const before = place < 26 ? '' : String.fromCharCode(96 + Math.floor(place / 26));
    place += 1;
    return `(${before}${letter})`;
  };
}
