import { CloseButton, Modal } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './dialog.module.css';

/**
 * A dialog above the page, shown for as long as it is mounted. While it is open no key reaches what is behind it; the
 * focus goes back to where it was. Made of the parts of a Modal, because the header of a whole one would be a second
 * banner of the page.
 *
 * @param size width as Mantine's `Modal` takes it
 * @param isHeld whether it cannot be closed for now, as while something is being deleted
 */
export function Dialog({
  title,
  close,
  size,
  isHeld = false,
  children,
}: {
  title: string;
  close(): void;
  size?: string | number;
  isHeld?: boolean;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  useKeysOf({ close, isHeld });
  useFocusBack();
  return (
    <Modal.Root
      opened
      size={size}
      // The page itself never scrolls; to lock that, Mantine adds a style element that the content security policy refuses.
      lockScroll={false}
      returnFocus={false}
      closeOnEscape={false}
      closeOnClickOutside={!isHeld}
      onClose={close}
    >
      <Modal.Overlay />
      <Modal.Content>
        <div className={classes.head}>
          <Modal.Title fw={600}>{title}</Modal.Title>
          <CloseButton aria-label={t('shell.close')} disabled={isHeld} onClick={close} />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/**
 * Closes the dialog by Escape, and keeps all keys from the rest of the page: where a button lost the focus, as by being
 * disabled, they would reach the photo as well, and drop or delete an object there.
 */
function useKeysOf(dialog: { close(): void; isHeld: boolean }): void {
  const latest = useRef(dialog);
  latest.current = dialog;
  useEffect(() => {
    const closeBy = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.isComposing) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!latest.current.isHeld) latest.current.close();
    };
    // The page listens on document and window. Tab is left to what keeps the focus inside of the dialog.
    const keep = (event: KeyboardEvent) => {
      if (event.key !== 'Tab') event.stopPropagation();
    };
    addEventListener('keydown', closeBy, { capture: true });
    document.body.addEventListener('keydown', keep);
    return () => {
      removeEventListener('keydown', closeBy, { capture: true });
      document.body.removeEventListener('keydown', keep);
    };
  }, []);
}

/** Gives the focus back to what had it, unless something else has taken it meanwhile. */
function useFocusBack(): void {
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      // The dialog is still in the document.
      requestAnimationFrame(() => {
        if (document.activeElement !== document.body) return;
        if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
      });
    };
  }, []);
}
