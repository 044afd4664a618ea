/** Text as LaTeX takes it: its special characters escaped, signs of typography by their commands. Letters stay Unicode. */
export function escapeLatex(text: string): string {
  return text.replace(/[\\{}$&#%_^~\u202f\u00a0\u2011\u2013\u2212\u00d7\u2265\u2264<>|"]/g, (character) => {
    return commands[character] ?? `\\${character}`;
  });
}

const commands: { readonly [character: string]: string } = {
  '\\': '\\textbackslash{}',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': '\\textquotedbl{}',
  '\u202f': '\\,',
  '\u00a0': '~',
  '\u2011': '-',
  '\u2013': '--',
  '\u2212': '$-$',
  '\u00d7': '$\\times$',
  '\u2265': '$\\geq$',
  '\u2264': '$\\leq$',
};

const accents: { readonly [mark: string]: string } = {
  '\u0300': '`',
  '\u0301': "'",
  '\u0302': '^',
  '\u0303': '~',
  '\u0304': '=',
  '\u0306': 'u ',
  '\u0307': '.',
  '\u0308': '"',
  '\u030a': 'r ',
  '\u030b': 'H ',
  '\u030c': 'v ',
  '\u0327': 'c ',
  '\u0328': 'k ',
};

const letters: { readonly [letter: string]: string } = {
  ß: '{\\ss}',
  ø: '{\\o}',
  Ø: '{\\O}',
  æ: '{\\ae}',
  Æ: '{\\AE}',
  œ: '{\\oe}',
  ł: '{\\l}',
  Ł: '{\\L}',
  ı: '{\\i}',
};

/** The same with letters spelt in ASCII (`{\'e}`), which every BibTeX sorts and prints as it should. */
export function escapeBibtex(text: string): string {
  return Array.from(text.normalize('NFC'))
    .map((character) => {
      const [base = '', mark = '', more] = character.normalize('NFD');
      const accent = more === undefined ? accents[mark] : undefined;
      if (accent !== undefined) return `{\\${accent}${base === 'i' ? '\\i' : base}}`;
      return letters[character] ?? escapeLatex(character);
    })
    .join('');
}
