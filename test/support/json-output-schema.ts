import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';
import type { JsonObject } from '../../cache/json.ts';
import { schemaFile } from './json-output-schema-file.ts';
import { repositoryRoot } from './shared.ts';

/** Types of cli/json-output.ts that are printed, each a definition of the schema. */
const roots = [
  'RunLine',
  'ErrorLine',
  'PlanDocument',
  'LockDocument',
  'RerunDocument',
  'StatusDocument',
  'DiffDocument',
  'WhyDocument',
  'RunsDocument',
  'RowsDocument',
  'SheetsDocument',
  'ArtifactDocument',
  'ResultDocument',
  'StatsDocument',
];

/** The schema as it is kept, in the repository's format. */
export async function schemaText(): Promise<string> {
  const style = await resolveConfig(schemaFile);
  return format(JSON.stringify(jsonOutputSchema()), { ...style, parser: 'json' });
}

/** The JSON Schema of what `--json` prints, read off the types and their comments. */
function jsonOutputSchema(): JsonObject {
  const file = join(repositoryRoot, 'cli/json-output.ts');
  const program = ts.createProgram([file], {
    strict: true,
    exactOptionalPropertyTypes: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    allowImportingTsExtensions: true,
    noEmit: true,
    types: [],
  });
  const source = program.getSourceFile(file);
  const checker = program.getTypeChecker();
  const exported = source && checker.getSymbolAtLocation(source);
  if (exported === undefined) throw new Error(`${file} cannot be read`);
  const names = new Map(checker.getExportsOfModule(exported).map((symbol) => [symbol.name, symbol]));
  const reader = new TypeReader(checker);
  const definitions = roots.map((name) => {
    const symbol = names.get(name);
    if (symbol === undefined) throw new Error(`${file} does not export ${name}`);
    return [name, reader.root(symbol)] as const;
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'What sweetspot prints under --json, format 1',
    description:
      'Generated from the types by `npm run json-schema`. New kinds, fields and values may be added.',
    $defs: Object.fromEntries(definitions),
  };
}

/** Turns the types that JSON can hold into schemas; any other is a bug of the output. */
class TypeReader {
  readonly #checker: ts.TypeChecker;

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  root(symbol: ts.Symbol): JsonObject {
    const aliased = symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
    const described = this.#described(aliased, this.#schema(this.#checker.getDeclaredTypeOfSymbol(aliased)));
    return described;
  }

  #schema(type: ts.Type): JsonObject {
    const name = type.aliasSymbol?.name;
    if (name === 'Json') return {};
    if (name === 'JsonObject') return { type: 'object' };
    if (name === 'Digest' || name === 'TaskKey') return { type: 'string', pattern: '^[0-9a-f]{64}$' };
    if (type.isUnion()) return this.#union(type.types);
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if (type.flags & ts.TypeFlags.BooleanLiteral)
      return { const: this.#checker.typeToString(type) === 'true' };
    if (type.flags & ts.TypeFlags.Null) return { type: 'null' };
    if (type.flags & ts.TypeFlags.String) return { type: 'string' };
    if (type.flags & ts.TypeFlags.Number) return { type: 'number' };
    // A branded string is a string with a property that is not there.
    if (type.isIntersection() && type.types.some((each) => each.flags & ts.TypeFlags.String))
      return { type: 'string' };
    if (this.#checker.isArrayType(type)) {
      const [item] = this.#checker.getTypeArguments(type as ts.TypeReference);
      return { type: 'array', items: item === undefined ? {} : this.#schema(item) };
    }
    if (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) return this.#object(type);
    throw new Error(`${this.#checker.typeToString(type)} is not JSON`);
  }

  #union(types: readonly ts.Type[]): JsonObject {
    const present = types.filter((each) => !(each.flags & ts.TypeFlags.Undefined));
    if (present.every((each) => each.flags & ts.TypeFlags.BooleanLiteral) && present.length === 2)
      return { type: 'boolean' };
    if (present.every((each) => each.isStringLiteral())) return { enum: present.map((each) => each.value) };
    const [only, ...others] = present;
    if (only !== undefined && others.length === 0) return this.#schema(only);
    const booleans = present.filter((each) => each.flags & ts.TypeFlags.BooleanLiteral);
    const rest = present.filter((each) => !(each.flags & ts.TypeFlags.BooleanLiteral));
    return {
      anyOf: [
        ...rest.map((each) => this.#schema(each)),
        ...(booleans.length === 2 ? [{ type: 'boolean' }] : booleans.map((each) => this.#schema(each))),
      ],
    };
  }

  #object(type: ts.Type): JsonObject {
    const properties: [string, JsonObject][] = [];
    const required: string[] = [];
    for (const property of this.#checker.getPropertiesOfType(type)) {
      const held = this.#checker.getTypeOfSymbol(property);
      properties.push([property.name, this.#described(property, this.#schema(held))]);
      // JSON leaves out what is undefined.
      const mayBeAbsent = held.isUnion() && held.types.some((each) => each.flags & ts.TypeFlags.Undefined);
      if (!(property.flags & ts.SymbolFlags.Optional) && !mayBeAbsent) required.push(property.name);
    }
    const others = type.getStringIndexType();
    return {
      type: 'object',
      ...(properties.length === 0 ? {} : { properties: Object.fromEntries(properties), required }),
      ...(others === undefined ? {} : { additionalProperties: this.#schema(others) }),
    };
  }

  #described(symbol: ts.Symbol, schema: JsonObject): JsonObject {
    const comment = ts
      .displayPartsToString(symbol.getDocumentationComment(this.#checker))
      .replace(/\s+/g, ' ');
    return comment === '' ? schema : { description: comment, ...schema };
  }
}
