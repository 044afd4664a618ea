import type { Json } from '../../cache/json.ts';
import { Findings } from './findings.ts';
import { mapOf, toJson } from './located.ts';
import { parseStudy } from './parse-study.ts';
import { readPlainYaml } from './plain-yaml.ts';
import { createSource } from './source.ts';

/** Parameters of a study file with the values that it says itself; none where its text cannot be read. */
export function defaultParams(text: string): ReadonlyMap<string, Json> {
  const source = createSource('study', text);
  const tree = readPlainYaml(source) ?? parseStudy(source, new Findings());
  const params = tree?.kind === 'map' ? mapOf(tree, 'params') : undefined;
  return new Map([...(params?.entries ?? [])].map(([name, { value }]) => [name, toJson(value)]));
}
