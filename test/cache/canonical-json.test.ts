import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, jsonProblem } from '../../cache/canonical-json.ts';
import type { Json } from '../../cache/json.ts';

describe('canonicalJson', () => {
  it('writes the example of RFC 8785, section 3.2.2', () => {
    const value = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`) as { numbers: number[]; string: string; literals: Json };
    // 1E30 is an integer beyond 2^53, which the RFC writes and we refuse.
    const numbers = value.numbers.filter((number) => number !== 1e30);
    expect(canonicalJson({ ...value, numbers })).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it('sorts keys by UTF-16 code units, as in RFC 8785, section 3.2.3', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect(Object.values(JSON.parse(canonicalJson(value)) as object)).toEqual([
      // JavaScript lists an integer-like key first, whatever the text says; the text is checked below.
      'One',
      'Carriage Return',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
    expect(canonicalJson(value).startsWith(String.raw`{"\r":"Carriage Return","1":"One",`)).toBe(true);
    expect(canonicalJson({ b: 1, a: 2, A: 3, é: 4, aa: 5 })).toBe('{"A":3,"a":2,"aa":5,"b":1,"é":4}');
  });

  // Appendix B, by the bits of the doubles.
  it.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['4340000000000000', undefined],
    ['433fffffffffffff', '9007199254740991'],
    ['4430000000000000', undefined],
    ['44b52d02c7e14af5', undefined],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['3e7ad7f29abcaf48', '1e-7'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['7fffffffffffffff', undefined],
    ['7ff0000000000000', undefined],
  ])('writes the double %s as %s', (bits, text) => {
    const number = Buffer.from(bits, 'hex').readDoubleBE();
    if (text === undefined) expect(() => canonicalJson(number)).toThrow(TypeError);
    else expect(canonicalJson(number)).toBe(text);
  });

  it.each<[string, unknown]>([
    ['NaN', NaN],
    ['infinity', -Infinity],
    ['an unsafe integer', 2 ** 53],
    ['a lone high surrogate', '\ud800'],
    ['a lone low surrogate', 'a\udc00b'],
    ['undefined', undefined],
    ['a bigint', 1n],
    ['a function', () => 0],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['typed arrays', new Float32Array(1)],
  ])('refuses %s, and says where', (_, value) => {
    expect(jsonProblem({ a: [0, value] })?.path).toEqual(['a', 1]);
    expect(() => canonicalJson({ a: [0, value] } as unknown as Json)).toThrow(/^a\.1: /);
  });

  it('refuses a lone surrogate in a key, a hole in a list, and a cycle', () => {
    expect(jsonProblem(new Array(1))?.path).toEqual([0]);
    expect(jsonProblem({ '\udfff': 1 })).toBeDefined();
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(jsonProblem(cycle)?.problem).toMatch(/cycle/);
  });

  const json = fc.jsonValue({ noUnicodeString: false }).filter((value) => jsonProblem(value) === undefined);

  it('keeps the value', () => {
    // JSON has no -0; what is hashed does not either.
    const positive = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value as Json))).toEqual(positive(value));
      }),
    );
  });

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed as Json)).toBe(canonicalJson(value as Json));
      }),
    );
  });

  it('is a fixed point: reading its text and writing it again gives the same text', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value as Json);
        expect(canonicalJson(JSON.parse(text) as Json)).toBe(text);
      }),
    );
  });

  it('tells different values apart: no two have one text', () => {
    // As JSON sees it: no -0, no undefined, own keys in any order.
    const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
    const near = fc.tuple(json, json).chain(([one, other]) =>
      // Also pairs that differ in a single place, and where one holds the other's text.
      fc.constantFrom<readonly [unknown, unknown]>(
        [one, other],
        [
          { a: one, b: 1 },
          { a: other, b: 1 },
        ],
        [
          [one, other],
          [other, one],
        ],
        [[[one], other], [[one, other]]],
        [one, canonicalJson(one as Json)],
        [{ a: one }, [['a', one]]],
      ),
    );
    fc.assert(
      fc.property(near, ([one, other]) => {
        const same = isDeepStrictEqual(plain(one), plain(other));
        expect(canonicalJson(one as Json) === canonicalJson(other as Json)).toBe(same);
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses a value with one wrong leaf wherever that is, and names the place', () => {
    const wrong = fc.constantFrom<unknown>(NaN, Infinity, 2 ** 53, '\udc00', undefined, 1n, new Date(0));
    const steps = fc.array(fc.oneof(fc.constantFrom('a', 'b', ''), fc.nat(3)), { maxLength: 6 });
    fc.assert(
      fc.property(steps, wrong, json, (path, leaf, beside) => {
        const value = path.reduceRight<unknown>(
          (inner, step) =>
            typeof step === 'number'
              ? [...Array.from({ length: step }, () => beside), inner, beside]
              : { [step]: inner, other: beside },
          leaf,
        );
        expect(jsonProblem(value)?.path).toEqual(path);
        expect(() => canonicalJson(value as Json)).toThrow(TypeError);
      }),
    );
  });
});
