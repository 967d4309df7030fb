import { CloseButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { PhotoStore } from './create-photo-store.ts';
import classes from './first-hint.module.css';

/** Under this name the browser notes that the hint was seen. */
const SEEN = 'kontur.hint-seen';

/** Three sentences over the first photo that somebody opens in this browser, until the first click. */
export function FirstHint({ store }: { store: PhotoStore }) {
  const { t } = useTranslation();
  const [isSeen, setSeen] = useState(() => localStorage.getItem(SEEN) !== null);
  const hasObjects = useStore(store, ({ history }) => history.present.objects.length > 0);
  useEffect(() => {
    if (!hasObjects) return;
    localStorage.setItem(SEEN, 'yes');
    setSeen(true);
  }, [hasObjects]);
  if (isSeen || hasObjects) return null;
  const close = () => {
    localStorage.setItem(SEEN, 'yes');
    setSeen(true);
  };
  return (
    <section className={classes.hint} data-testid="hint" aria-label={t('photo.hint.title')}>
      <p>{t('photo.hint.hover')}</p>
      <p>{t('photo.hint.click')}</p>
      <p>{t('photo.hint.take')}</p>
      <CloseButton size="sm" aria-label={t('photo.hint.close')} onClick={close} />
    </section>
  );
}
