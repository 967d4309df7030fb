import { Button, Center, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Stands for a screen whose script the server no longer has, because it was updated since the page was loaded. */
export function GoneScreen() {
  const { t } = useTranslation();
  return (
    <Center component="main" h="100%">
      <Stack align="center">
        <Text>{t('shell.otherVersion')}</Text>
        <Button onClick={() => location.reload()}>{t('shell.reload')}</Button>
      </Stack>
    </Center>
  );
}
