import { say } from './io.ts';
import type { Io } from './io.ts';
import { jsonFormat } from './json-format.ts';
import type { Document, RunLine } from './json-output.ts';
import { packageVersion } from './version.ts';

/** The first line of a stream. */
export function formatLine(): RunLine {
  return { kind: 'format', format: jsonFormat, sweetspot: packageVersion() };
}

export function sayLine(io: Io, line: RunLine): void {
  say(io, JSON.stringify(line));
}

/** A command's whole answer, as one JSON document. */
export function sayDocument(io: Io, document: Document): void {
  say(io, JSON.stringify(document, null, 2));
}
