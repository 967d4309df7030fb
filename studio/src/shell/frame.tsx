import { Anchor } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './frame.module.css';

/** What is around every screen. */
export function Frame({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className={classes.frame}>
      <header className={classes.top}>
        <Anchor href="#/">Kontur</Anchor>
        <nav>
          <Anchor href="#/">{t('shell.library')}</Anchor>
        </nav>
      </header>
      <div className={classes.content}>{children}</div>
    </div>
  );
}
