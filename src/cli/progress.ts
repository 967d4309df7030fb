/** Shows one line on a terminal while something slow happens; nothing anywhere else, so that pipes and logs stay clean. */
export function showProgress(text: string): { done(): void } {
  const { stderr } = process;
  if (!stderr.isTTY) return { done: () => {} };
  stderr.write(text);
  return { done: () => stderr.write(`\r${' '.repeat(text.length)}\r`) };
}
