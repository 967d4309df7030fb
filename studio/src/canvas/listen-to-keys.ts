import { areSingleKeysOn, isSingleKey } from '../shell/single-keys.ts';
import type { Editor } from './create-editor.ts';
import { commandOf, isForCanvas } from './keys.ts';

/** Where keys are for something else: who types there, or chooses in a list. */
const OTHERS = 'input,textarea,select,[contenteditable],[role=dialog],[role=menu],[role=listbox],[role=combobox]';

/** Listens to keys on the whole page, and does what they stand for on the canvas unless they are for something else. */
export function listenToKeys({
  element,
  editor,
  signal,
  onPanKey,
  onModifiers,
}: {
  element: HTMLElement;
  editor: Pick<Editor, 'keyState' | 'run'>;
  signal: AbortSignal;
  /** Told when the key is pressed and let go that makes every drag move the photo. */
  onPanKey: (isHeld: boolean) => void;
  onModifiers: (modifiers: { ctrl: boolean; alt: boolean }) => void;
}): void {
  const focusOf = (target: EventTarget | null) => {
    if (!(target instanceof Element) || target === document.body) return 'nothing';
    if (element.contains(target)) return 'canvas';
    return target.closest(OTHERS) === null ? 'control' : 'text';
  };
  const modifiers = (event: KeyboardEvent) => onModifiers({ ctrl: event.ctrlKey || event.metaKey, alt: event.altKey });

  document.addEventListener(
    'keydown',
    (event) => {
      modifiers(event);
      if (event.defaultPrevented || event.isComposing) return;
      const focus = focusOf(event.target);
      if (event.key === ' ') {
        if (focus !== 'canvas' && focus !== 'nothing') return;
        event.preventDefault();
        onPanKey(true);
        return;
      }
      if (!isForCanvas(event, focus) || (isSingleKey(event) && !areSingleKeysOn())) return;
      const command = commandOf(event, editor.keyState());
      if (command !== undefined && editor.run(command, event)) event.preventDefault();
    },
    { signal },
  );
  document.addEventListener(
    'keyup',
    (event) => {
      modifiers(event);
      if (event.key === ' ') onPanKey(false);
    },
    { signal },
  );
  // A key that is let go in another window is not told here.
  window.addEventListener('blur', () => onPanKey(false), { signal });
}
