/** Shows a line on a terminal during slow work; prints nothing elsewhere, so that pipes and logs stay clean. */
export function showProgress(text: string): { done(): void } {
  const { stderr } = process;
  if (!stderr.isTTY) return { done: () => {} };
  stderr.write(text);
  return { done: () => stderr.write(`\r${' '.repeat(text.length)}\r`) };
}
