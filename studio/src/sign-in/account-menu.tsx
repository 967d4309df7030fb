import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { IconCheck, IconKeyboard, IconLogout, IconMoon, IconSun, IconUser } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { setSingleKeys, useSingleKeys } from '../shell/single-keys.ts';
import { LANGUAGES, setLanguage } from '../text/start-texts.ts';
import { useSession } from './session-context.ts';
import classes from './sign-in.module.css';

/** The project, who is signed in, looks and language, and the way out. */
export function AccountMenu() {
  const { t, i18n } = useTranslation();
  const { session, config, projects, project, setProject } = useSession();
  const { setColorScheme, colorScheme } = useMantineColorScheme();
  const areKeysOn = useSingleKeys();
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton className={classes.account} aria-label={t('signIn.account', { project })}>
          <IconUser size={16} aria-hidden />
          <span>{project}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('signIn.as', { name: session.userName ?? '' })}</Menu.Label>
        {projects.length > 1 && <Menu.Label>{t('signIn.project')}</Menu.Label>}
        {projects.length > 1 &&
          projects.map((name) => (
            <Menu.Item
              key={name}
              leftSection={name === project ? <IconCheck size={16} /> : <span className={classes.indent} />}
              onClick={() => setProject(name)}
            >
              {name}
            </Menu.Item>
          ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={colorScheme === 'dark' ? <IconSun size={16} /> : <IconMoon size={16} />}
          onClick={() => setColorScheme(colorScheme === 'dark' ? 'light' : 'dark')}
          closeMenuOnClick={false}
        >
          {t(colorScheme === 'dark' ? 'shell.light' : 'shell.dark')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconKeyboard size={16} />}
          onClick={() => setSingleKeys(!areKeysOn)}
          closeMenuOnClick={false}
        >
          {t(areKeysOn ? 'shell.keysOff' : 'shell.keysOn')}
        </Menu.Item>
        {(Object.keys(LANGUAGES) as (keyof typeof LANGUAGES)[]).map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            leftSection={i18n.language === language ? <IconCheck size={16} /> : <span className={classes.indent} />}
            onClick={() => void setLanguage(language)}
          >
            {LANGUAGES[language]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} data-testid="sign-out" onClick={() => void session.signOut()}>
          {t('signIn.signOut')}
        </Menu.Item>
        <Menu.Label>Kontur {config.version}</Menu.Label>
      </Menu.Dropdown>
    </Menu>
  );
}
