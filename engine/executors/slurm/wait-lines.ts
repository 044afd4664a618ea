/**
 * Lines of bash that wait for a process in the background, whose id the given variable holds, to its end, and leave how it
 * ended in `code`: a trapped signal ends a `wait`, not the process, which may or may not have ended before the trap has.
 */
export function waitLines(variable: string): readonly string[] {
  const waiting = `wait "$${variable}"`;
  return [
    `${waiting}; code=$?`,
    `while kill -0 "$${variable}" 2>/dev/null; do ${waiting}; code=$?; done`,
    // Whoever has been waited for to the end is no child any more (127); otherwise this is its end.
    `${waiting} 2>/dev/null; last=$?; [ "$last" -eq 127 ] || code=$last`,
  ];
}
