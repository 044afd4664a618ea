import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { page } from '../../../tasks/types/page.ts';

async function check(html: string | undefined): Promise<readonly string[]> {
  const dir = await mkdtemp(join(tmpdir(), 'page-'));
  if (html !== undefined) await writeFile(join(dir, 'report.html'), html);
  return page.check(dir);
}

const around = (body: string): string => `<!doctype html><html><body>${body}</body></html>`;

describe('page', () => {
  it.each([
    '<p>text</p>',
    '<img src="data:image/png;base64,AAAA">',
    '<a href="https://example.org">a link is no load</a>',
    '<svg><use href="#shape"/></svg>',
    '<p>src="http://in-text"</p>',
  ])('accepts %s', async (body) => {
    expect(await check(around(body))).toEqual([]);
  });

  it.each([
    '<img src="https://example.org/a.png">',
    '<img alt="a>b" src=//example.org/a.png>',
    '<script src="plot.js"></script>',
    '<link rel=stylesheet href="https://fonts.example.org/x.css">',
    "<iframe src='x.html'></iframe>",
    '<style>@import "x.css";</style>',
    '<style>p{background:url(https://example.org/a.png)}</style>',
    '<p style="background:url(x.png)">x</p>',
  ])('refuses %s', async (body) => {
    const problems = await check(around(body));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('would load');
  });

  it('wants a document', async () => {
    expect(await check(undefined)).toHaveLength(1);
    expect(await check('<p>no doctype</p>')).toEqual(['report.html does not begin with <!doctype html>']);
  });
});
