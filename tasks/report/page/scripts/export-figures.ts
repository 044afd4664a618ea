import { lightColours } from '../style/colours.ts';

/**
 * Buttons below each figure of charts: the figure as SVG or PNG on white paper whatever the page looks like, and the data
 * behind it as CSV, at full precision. Made in the page, so that the file needs nothing beside it. Without script there are none.
 */
export const exportFigures: string = `
const paper = ${JSON.stringify(lightColours())};
const family = 'Helvetica, Arial, sans-serif';
const escaped = (text) => text.replace(/[&<>"]/g, (one) => '&#' + one.charCodeAt(0) + ';');
const coloured = (markup) => markup.replace(/var\\(--([\\w-]+)\\)/g, (all, name) => paper[name] ?? 'currentColor');
const place = (box, from) => ({ x: box.left - from.left, y: box.top - from.top, width: box.width, height: box.height });
const nested = (svg, from) => {
  const { x, y, width, height } = place(svg.getBoundingClientRect(), from);
  const copy = svg.cloneNode(true);
  for (const [name, value] of Object.entries({ x, y, width, height })) copy.setAttribute(name, value.toFixed(1));
  copy.setAttribute('style', 'font:11px ' + family + ';overflow:visible');
  return coloured(copy.outerHTML);
};
const words = (figure, from) => {
  const found = [];
  const walker = document.createTreeWalker(figure, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.data.trim();
    if (text === '' || node.parentElement.closest('svg, figcaption, .exports, details')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    if (range.getClientRects().length === 0) continue;
    const { x, y, height } = place(range.getBoundingClientRect(), from);
    const { fontSize, fontWeight } = getComputedStyle(node.parentElement);
    found.push('<text x="' + x.toFixed(1) + '" y="' + (y + height * 0.76).toFixed(1) + '" font-size="' + parseFloat(fontSize) + '" font-weight="' + fontWeight + '">' + escaped(text) + '</text>');
  }
  return found;
};
const asSvg = (figure) => {
  const from = figure.getBoundingClientRect();
  const parts = [...figure.querySelectorAll('svg.chart, svg.key')].map((svg) => nested(svg, from));
  const end = figure.querySelector('figcaption')?.getBoundingClientRect().top ?? from.bottom;
  const width = Math.ceil(from.width);
  const height = Math.ceil(end - from.top);
  return '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ' + width + ' ' + height + '" width="' + width + '" height="' + height + '" color="' + paper.ink + '" fill="' + paper.ink + '" font-family="' + family + '"><rect width="100%" height="100%" fill="#fff"/>' + words(figure, from).join('') + parts.join('') + '</svg>';
};
const asPng = async (figure) => {
  const picture = new Image();
  picture.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(asSvg(figure));
  await picture.decode();
  const canvas = document.createElement('canvas');
  canvas.width = picture.width * 3;
  canvas.height = picture.height * 3;
  canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
};
const field = (text) => (/[",\\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text);
const island = document.getElementById('figure-data');
const behind = island ? JSON.parse(island.textContent) : null;
const asCsv = (ranges) => {
  const { names, columns } = behind;
  const cell = (column, row) => {
    const { values, places } = columns[column];
    return field(String(values[places ? places[row] : row] ?? ''));
  };
  const lines = ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => names.map((_, column) => cell(column, first + i)).join(',')));
  return [names.join(','), ...lines].map((line) => line + '\\n').join('');
};
// Of a page whose sections name no rows, such as that of two runs: what its tables show.
const cells = (row) => [...row.cells].map((cell) => cell.textContent.trim().replace(/\\s+/g, ' '));
const asTables = (tables) => tables.flatMap((table, index) => {
  const model = table.caption.textContent.split(':')[0].trim();
  const rows = [...table.tBodies[0].rows].map((row) => [model, ...cells(row)]);
  return index === 0 ? [['model', ...cells(table.tHead.rows[0])], ...rows] : rows;
}).map((row) => row.map(field).join(',') + '\\n').join('');
const save = (content, type, name) => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};
for (const figure of document.querySelectorAll('figure')) {
  const section = figure.closest('section[id]');
  if (!section || !figure.querySelector('svg.chart')) continue;
  const rows = behind?.sections[section.id];
  const title = section.querySelector('h2').textContent;
  const bar = document.createElement('p');
  bar.className = 'exports';
  const add = (kind, run) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = kind;
    button.setAttribute('aria-label', title + ' as ' + kind);
    button.addEventListener('click', run);
    bar.append(button);
  };
  add('SVG', () => save(asSvg(figure), 'image/svg+xml', section.id + '.svg'));
  add('PNG', async () => save(await asPng(figure), 'image/png', section.id + '.png'));
  const tables = rows ? [] : [...section.querySelectorAll('.numbers table.figures')].filter((table) => table.caption);
  if (rows || tables.length > 0) add('CSV', () => save(rows ? asCsv(rows) : asTables(tables), 'text/csv', section.id + '.csv'));
  figure.append(bar);
}
`;
