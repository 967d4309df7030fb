import { IconUpload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { chosenFiles } from './chosen-files.ts';
import classes from './upload-button.module.css';
import { useUploads } from './uploads-context.tsx';

/** Opens the file dialog, and uploads what is chosen there. */
export function UploadButton() {
  const { t } = useTranslation();
  const uploads = useUploads();
  return (
    <label className={classes.button} data-testid="upload">
      <IconUpload size={16} aria-hidden />
      <span>{t('uploads.upload')}</span>
      <input
        type="file"
        multiple
        accept="image/jpeg,image/png,.jpg,.jpeg,.png"
        onChange={({ nativeEvent, currentTarget }) => {
          void chosenFiles(nativeEvent).then((files) => {
            uploads.add(files);
            // So that the same file can be chosen once more.
            currentTarget.value = '';
          });
        }}
      />
    </label>
  );
}
