/** Calls a listener whenever the page is on a screen of another density, or zoomed. Returns how to end that. */
export function watchPixelRatio(listener: () => void): () => void {
  let query: MediaQueryList;
  const watch = () => {
    query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    query.addEventListener('change', changed, { once: true });
  };
  const changed = () => {
    listener();
    watch();
  };
  watch();
  return () => query.removeEventListener('change', changed);
}
