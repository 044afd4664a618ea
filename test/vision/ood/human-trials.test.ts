import { describe, expect, it } from 'vitest';
import { readCsvRows } from '../../../vision/data/csv-rows.ts';
import { readHumanTrials, trialKey } from '../../../vision/ood/human-trials.ts';
import { oodSetNamed } from '../../../vision/ood/sets.ts';

const noise = oodSetNamed('uniform-noise')!;
const edge = oodSetNamed('edge')!;
const header = 'subj,Session,trial,rt,object_response,category,condition,imagename';
const row = '1,1,0.8,oven,elephant,0.10,0001_nse_s01_0.10_elephant_10_n02504458_7209.png';

function problem(text: string, set = noise): string {
  const read = readHumanTrials(text, set);
  return read.kind === 'invalid' ? `${read.line}: ${read.message}` : 'no problem';
}

describe('human decisions', () => {
  it('are read whatever the case of the header, the order of columns, the ends of lines', () => {
    const text =
      '\ufeffImageName,Category,OBJECT_RESPONSE,subj,Condition\r\n0001_a_s01_x_cat_0_n01_2.png,cat,NA,subject-07,.90\r\n\r\n';
    expect(readHumanTrials(text, noise)).toEqual({
      kind: 'trials',
      trials: [
        {
          subject: 'subject-07',
          response: 'na',
          category: 'cat',
          condition: '0.9',
          imageId: 'n01_2.png',
          fileName: '0001_a_s01_x_cat_0_n01_2.png',
        },
      ],
    });
  });

  it('have no condition on a set that has none, whatever the column says', () => {
    const read = readHumanTrials(
      `${header}\nsubject-01,1,1,0.8,oven,oven,0,0001_edg_s01_0_oven_00_oven10.png`,
      edge,
    );
    const [trial] = read.kind === 'trials' ? read.trials : [];
    expect(trial!.condition).toBeUndefined();
    expect(trialKey(trial!)).toBe('/oven10.png');
  });

  it('name the line and what is wrong with it', () => {
    expect(problem('')).toBe('1: it is empty');
    expect(problem(header.replace('condition,', ''))).toMatch(
      /^1: no column condition; it has subj, Session/,
    );
    const after = (line: string): string => problem(`${header}\nsubject-01,${row}\n${line}`);
    expect(after('subject-01,1,1,0.8,oven')).toBe('3: 5 cells under 8 columns');
    expect(after(`,${row}`)).toBe('3: no subject');
    expect(after(`subject-02,${row.replace(',elephant,', ',yak,')}`)).toMatch(
      /^3: unknown category 'yak' \(known: airplane, /,
    );
    expect(after(`subject-02,${row.replace(',oven,', ',yak,')}`)).toBe(
      "3: unknown response 'yak' (a category, or na)",
    );
    expect(after(`subject-02,${row.replace(',0.10,', ',0.11,')}`)).toMatch(
      /^3: unknown condition '0.11' \(uniform-noise has 0, 0.03/,
    );
    expect(after(`subject-02,${row.replace(/,[^,]*$/, ',')}`)).toBe('3: no name of an image');
    expect(after(`subject-01,${row}`)).toMatch(/^3: 0001_nse_.* was shown before, in line 2$/);
    expect(after(`subject-02,${row}`)).toBe('no problem');
  });
});

describe('CSV', () => {
  it('has quoted cells, which may hold commas, quotes and ends of lines', () => {
    expect(readCsvRows('a, b ,"c,""d"""\n"1\n2",,\n\n3')).toEqual({
      kind: 'rows',
      rows: [
        { cells: ['a', 'b', 'c,"d"'], line: 1 },
        { cells: ['1\n2', '', ''], line: 2 },
        { cells: ['3'], line: 5 },
      ],
    });
    expect(readCsvRows('')).toEqual({ kind: 'rows', rows: [] });
    expect(readCsvRows('a,\n')).toEqual({ kind: 'rows', rows: [{ cells: ['a', ''], line: 1 }] });
  });

  it('names the line of a quote that does not end', () => {
    expect(readCsvRows('a\n"b')).toMatchObject({ kind: 'invalid', line: 2 });
    expect(readCsvRows('"a"b')).toMatchObject({ kind: 'invalid', line: 1 });
  });
});
