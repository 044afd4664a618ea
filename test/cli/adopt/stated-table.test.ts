import { describe, expect, it } from 'vitest';
import { readStatement, readStatements } from '../../../cli/adopt/stated-table.ts';

describe('what is stated of checkpoints', () => {
  it('is read off a table, shares in percent or not', () => {
    const read = readStatements('file,accuracy,sparsity,by\na.pth,91.5,0.2,Ada\n"b,c.pth",0.9,36%,\n');
    expect(read.kind === 'read' && [...read.statements]).toEqual([
      ['a.pth', { accuracy: 0.915, sparsity: 0.2, by: 'Ada' }],
      ['b,c.pth', { accuracy: 0.9, sparsity: 0.36 }],
    ]);
  });

  it.each([
    ['name\n', 1, /no column 'name' is known/],
    ['accuracy\n0.5\n', 1, /column 'file'/],
    ['file,accuracy\na,0.5\na,0.6\n', 3, /a has a line before/],
    ['file,accuracy\na,good\n', 2, /'good' is no share/],
    ['file,accuracy\na,-1\n', 2, /no share/],
    ['file,sparsity\na,120%\n', 2, /no share/],
    ['file,accuracy\na,"x\n', 2, /quoted cell/],
  ])('with %j names the line', (text, line, words) => {
    expect(readStatements(text)).toMatchObject({
      ...{ kind: 'invalid', line },
      message: expect.stringMatching(words) as string,
    });
  });

  it('is read off pairs that hold for all', () => {
    expect(readStatement(['data=imagenet', 'source=https://a/?b=c', 'accuracy=76.1'])).toEqual({
      ...{ data: 'imagenet', source: 'https://a/?b=c', accuracy: 0.761 },
    });
    expect(readStatement(['speed=1'])).toMatch(/'speed=1' is none of/);
    expect(readStatement(['accuracy=NaN'])).toMatch(/no share/);
    expect(readStatement(['data='])).toMatch(/expected a text/);
  });
});
