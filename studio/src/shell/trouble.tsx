import { Alert, Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/api-error.ts';

/** Says what went wrong and what can be done: the server's own sentence where there is one. */
export function Trouble({ error, retry }: { error: Error; retry?: () => void }) {
  const { t } = useTranslation();
  const { status, requestId } = error instanceof ApiError ? error : {};
  const sentence = status === 0 ? t('shell.noServer') : error.message;
  return (
    <Alert color="red" variant="light" role="alert" title={t('shell.trouble')}>
      <p style={{ margin: 0, overflowWrap: 'anywhere' }}>{sentence}</p>
      {requestId !== undefined && <small>{t('shell.request', { requestId })}</small>}
      {retry !== undefined && (
        <Button mt="sm" size="xs" variant="light" color="red" onClick={retry}>
          {t('shell.tryAgain')}
        </Button>
      )}
    </Alert>
  );
}
