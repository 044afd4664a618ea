// What S3 says, it says in small XML documents. The reader is loaded with the first of them: most commands meet none.

export interface XmlElement {
  /** Text of the first element of that name inside; empty where there is none. */
  text(name: string): string;
  /** All elements of that name inside. */
  all(name: string): readonly XmlElement[];
}

/** The root element of a document, if it has one of these names; undefined for any other, and for what is no XML. */
export async function readXml(
  bytes: Uint8Array,
  ...roots: readonly string[]
): Promise<XmlElement | undefined> {
  const { XMLParser } = await import('fast-xml-parser');
  const parser = new XMLParser({
    ignoreAttributes: true,
    // Digests may look like numbers.
    parseTagValue: false,
    removeNSPrefix: true,
    // Servers in Go write quotes as `&#34;`, which the reader leaves as they are without this.
    htmlEntities: true,
  });
  let document: unknown;
  try {
    document = parser.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
  const [found] = roots.flatMap((root) => childrenOf(document, root));
  return found === undefined ? undefined : elementOf(found);
}

function elementOf(node: unknown): XmlElement {
  return {
    text: (name) => {
      const [first] = childrenOf(node, name);
      return typeof first === 'string' ? first : '';
    },
    all: (name) => childrenOf(node, name).map(elementOf),
  };
}

function childrenOf(node: unknown, name: string): readonly unknown[] {
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, name)) return [];
  const value = (node as Readonly<Record<string, unknown>>)[name];
  return Array.isArray(value) ? (value as readonly unknown[]) : [value];
}

/** Text as it stands between tags. */
export function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
