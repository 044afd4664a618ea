import protobuf from 'protobufjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../cache/digest.ts';
import { decodeActionMessage, encodeActionMessage } from '../../../cache/remotes/http/action-message.ts';

// The fields of remote_execution.proto (build.bazel.remote.execution.v2) that are used, and some that other programs use.
const { root } = protobuf.parse(
  `
  syntax = "proto3";
  message Digest { string hash = 1; int64 size_bytes = 2; }
  message OutputFile { string path = 1; Digest digest = 2; bool is_executable = 4; bytes contents = 5; }
  message OutputDirectory { string path = 1; Digest tree_digest = 3; }
  message ActionResult {
    repeated OutputFile output_files = 2;
    repeated OutputDirectory output_directories = 3;
    int32 exit_code = 4;
    bytes stdout_raw = 5;
    Digest stdout_digest = 6;
    Digest stderr_digest = 8;
  }
`,
  { keepCase: true },
);
const actionResult = root.lookupType('ActionResult');

const files = fc.uniqueArray(
  fc.record({
    path: fc.string({ minLength: 1, unit: 'grapheme' }),
    sizeBytes: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
    contents: fc.option(fc.uint8Array({ minLength: 1, maxLength: 200 }), { nil: undefined }),
  }),
  { selector: ({ path }) => path, maxLength: 12 },
);

describe('the message of a result', () => {
  it('is byte for byte what another encoder makes of it, and is read back', () => {
    fc.assert(
      fc.property(files, fc.option(fc.nat(), { nil: undefined }), (given, logBytes) => {
        const outputFiles = given
          .map(({ path, sizeBytes, contents }) => ({
            path,
            digest: digestOf(path),
            sizeBytes,
            ...(contents === undefined ? {} : { contents }),
          }))
          .toSorted((a, b) => (a.path < b.path ? -1 : 1));
        const log = digestOf('log');
        const stdout = logBytes === undefined ? {} : { stdout: { digest: log, sizeBytes: logBytes } };
        const encoded = encodeActionMessage({ outputFiles, ...stdout });
        const theirs = actionResult.encode(
          actionResult.fromObject({
            output_files: outputFiles.map(({ path, digest, sizeBytes, ...contents }) => ({
              path,
              digest: sizeBytes === 0 ? { hash: digest } : { hash: digest, size_bytes: sizeBytes },
              ...contents,
            })),
            ...(logBytes === undefined
              ? {}
              : { stdout_digest: { hash: log, ...(logBytes === 0 ? {} : { size_bytes: logBytes }) } }),
          }),
        );
        expect(Buffer.from(theirs.finish()).equals(encoded)).toBe(true);
        const read = decodeActionMessage(encoded);
        expect(read?.stdout).toEqual(stdout.stdout);
        expect(read?.outputFiles.map(({ contents, ...rest }) => [rest, contents && [...contents]])).toEqual(
          outputFiles.map(({ contents, ...rest }) => [rest, contents && [...contents]]),
        );
      }),
    );
  });

  it('may hold what other programs put there', () => {
    const message = actionResult.encode({
      output_files: [{ path: 'a', digest: { hash: digestOf('a'), size_bytes: 1 }, is_executable: true }],
      output_directories: [{ path: 'd', tree_digest: { hash: digestOf('d'), size_bytes: 2 } }],
      exit_code: -1,
      stdout_raw: Buffer.from('hello'),
    });
    expect(decodeActionMessage(message.finish())?.outputFiles).toEqual([
      { path: 'a', digest: digestOf('a'), sizeBytes: 1 },
    ]);
  });

  it('is refused, or read as something, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const read = decodeActionMessage(bytes);
        expect(read === undefined || Array.isArray(read.outputFiles)).toBe(true);
      }),
    );
    const whole = encodeActionMessage({
      outputFiles: [{ path: 'a', digest: digestOf('a'), sizeBytes: 1 }],
    });
    for (let length = 1; length < whole.byteLength; length++)
      expect(decodeActionMessage(whole.subarray(0, length)), String(length)).toBeUndefined();
  });
});
