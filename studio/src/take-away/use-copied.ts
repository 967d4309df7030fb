import { useEffect, useState } from 'react';
import { copyText } from './copy-to-clipboard.ts';

/** Milliseconds for which a button says that something was copied. */
const SAID_FOR_MS = 2500;

/** Copies texts, and says for a moment what came of it. */
export function useCopied(): { state: 'copied' | 'refused' | undefined; copy(text: string): void } {
  const [state, setState] = useState<'copied' | 'refused'>();
  useEffect(() => {
    if (state !== 'copied') return;
    const timer = setTimeout(() => setState(undefined), SAID_FOR_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = (text: string) => {
    copyText(text).then(
      () => setState('copied'),
      () => setState('refused'),
    );
  };
  return { state, copy };
}
