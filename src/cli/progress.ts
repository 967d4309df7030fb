/** Shows a line on a terminal during slow work; prints nothing elsewhere, so that pipes and logs stay clean. */
export function showProgress(text: string): { done(): void } {
  const { stderr } = process;
  if (!stderr.isTTY) return { done: () => {} };
  stderr.write(text);
  return { done: () => stderr.write(`\r${' '.repeat(text.length)}\r`) };
}

/**
 * Writes a line on a terminal; nothing elsewhere. For commands that also write log lines, which would run into a
 * progress line.
 */
export function sayOnTerminal(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${text}\n`);
}
