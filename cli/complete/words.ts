/** The words of a command line up to the cursor; the last is the one that the cursor stands in, maybe empty. */
export function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? '';
    if (quote !== '') {
      if (character === quote) quote = '';
      else word += character;
    } else if (character === "'" || character === '"') quote = character;
    else if (character === '\\') word += line[++at] ?? '';
    else if (/\s/.test(character)) {
      if (word !== '') words.push(word);
      word = '';
    } else word += character;
  }
  return [...words, word];
}

/**
 * How much of a word bash takes as done: it breaks words at `=` and `:` as well (COMP_WORDBREAKS), and wants only what
 * comes after the last of them. An `@` begins the new word rather than ending the old: readline thinks of host names.
 */
export function brokenOff(word: string, breaks: string): string {
  let end = 0;
  for (let at = 0; at < word.length; at++) {
    const character = word[at] ?? '';
    if (breaks.includes(character)) end = character === '@' ? at : at + 1;
  }
  return word.slice(0, end);
}
