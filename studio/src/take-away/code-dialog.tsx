import { Button, Tabs } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../shell/dialog.tsx';
import classes from './take-away.module.css';
import { useCopied } from './use-copied.ts';
import { CODE_LANGUAGES, type CodeLanguage, type CodeRequest, writeCode } from './write-code.ts';

/** The language that was looked at last: who writes Python wants Python again. */
let lastLanguage: CodeLanguage['id'] = 'curl';

/** Shows the call of the API that gives the outline on the screen, in several languages, to be copied. */
export function CodeDialog({ request, close }: { request: CodeRequest; close(): void }) {
  const { t } = useTranslation();
  const [language, setLanguage] = useState(lastLanguage);
  const { state, copy } = useCopied();
  const code = writeCode(language, request);
  const choose = (value: string | null) => {
    const chosen = CODE_LANGUAGES.find(({ id }) => id === value)?.id ?? 'curl';
    lastLanguage = chosen;
    setLanguage(chosen);
  };
  return (
    <Dialog title={t('takeAway.codeTitle')} size="xl" close={close}>
      <Tabs value={language} onChange={choose}>
        <Tabs.List>
          {CODE_LANGUAGES.map(({ id, title }) => (
            <Tabs.Tab key={id} value={id} data-testid={`code-${id}`}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={language}>
          <section className={classes.code} aria-label={t('takeAway.code')}>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls by keys */}
            <pre data-testid="code" tabIndex={0}>
              {code}
            </pre>
          </section>
        </Tabs.Panel>
      </Tabs>
      <div className={classes.foot}>
        <span className={classes.hint}>{t('takeAway.codeHint')}</span>
        <Button
          data-testid="copy"
          data-autofocus
          leftSection={state === 'copied' ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
          onClick={() => copy(code)}
        >
          {t(state === 'copied' ? 'takeAway.copied' : 'takeAway.copy')}
        </Button>
      </div>
      <output className={classes.said} aria-live="polite">
        {state !== undefined && t(state === 'copied' ? 'takeAway.codeCopied' : 'takeAway.notCopied')}
      </output>
    </Dialog>
  );
}
