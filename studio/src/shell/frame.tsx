import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { AccountMenu } from '../sign-in/account-menu.tsx';
import classes from './frame.module.css';
import { HeaderSlotsContext } from './header-slots.tsx';
import { Mark } from './mark.tsx';
import { ServerNotice } from './server-notice.tsx';

const SCREENS = [
  { path: '/', name: 'library' },
  { path: '/review', name: 'review' },
  { path: '/jobs', name: 'jobs' },
  { path: '/health', name: 'health' },
] as const;

/** What is around every screen: the way to the others, the account, and places that a screen fills itself. */
export function Frame({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const [path] = useLocation();
  const [start, setStart] = useState<HTMLElement | null>(null);
  const [end, setEnd] = useState<HTMLElement | null>(null);
  const slots = useMemo(() => ({ start, end }), [start, end]);
  const showsPhoto = path.startsWith('/photo/');
  return (
    <HeaderSlotsContext value={slots}>
      <div className={showsPhoto ? `${classes.frame} ${classes.photo}` : classes.frame}>
        <header className={classes.top}>
          <a href="#/" className={classes.mark} aria-label={t('shell.home')}>
            <Mark />
            <span className={classes.name}>Kontur</span>
          </a>
          {!showsPhoto && (
            <nav className={classes.nav} aria-label={t('shell.screens')}>
              {SCREENS.map(({ path: to, name }) => (
                <a key={to} href={`#${to}`} aria-current={path === to ? 'page' : undefined}>
                  {t(`shell.${name}`)}
                </a>
              ))}
            </nav>
          )}
          <div className={classes.start} ref={setStart} />
          <div className={classes.end} ref={setEnd} />
          <div className={classes.account}>
            <AccountMenu />
          </div>
        </header>
        <div className={classes.content}>{children}</div>
        <ServerNotice />
      </div>
    </HeaderSlotsContext>
  );
}
