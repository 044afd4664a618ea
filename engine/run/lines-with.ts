/** The lines of a text that hold a part of it: to parse a few out of many. */
export function linesWith(text: string, part: string): string {
  const lines: string[] = [];
  for (let at = text.indexOf(part); at !== -1;) {
    const start = text.lastIndexOf('\n', at) + 1;
    const end = text.indexOf('\n', at);
    if (end === -1) break;
    lines.push(text.slice(start, end));
    at = text.indexOf(part, end);
  }
  return lines.join('\n');
}
