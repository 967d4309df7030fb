import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { describeUploadProblem } from '../uploads/describe-problem.ts';
import { msLeft, type Upload } from '../uploads/upload.ts';
import { useUploads } from '../uploads/uploads-context.tsx';
import classes from './file-grid.module.css';
import { formatBytes, formatDay, formatTime } from './format-file.ts';
import { useLibrary, useThumbnail } from './library-context.ts';
import { isPhoto, type LibraryFile } from './library-file.ts';

/** The last line of a card: the state of the file on the left, when it was created on the right. */
export function CardLine({ file, upload }: { file: LibraryFile; upload?: Upload }) {
  const { t, i18n } = useTranslation();
  const failure = useStore(useLibrary().library.failures, (failures) => failures.get(file.id));
  const day = (
    <time dateTime={new Date(file.createdTime).toISOString()} title={formatTime(file.createdTime, i18n.language)}>
      {formatDay(file.createdTime, i18n.language)}
    </time>
  );
  if (upload !== undefined) return <UploadLine upload={upload} />;
  if (failure !== undefined) return <Line problem={failure.message}>{day}</Line>;
  if (!isPhoto(file)) return <Line text={t('library.noPhoto')}>{day}</Line>;
  if (!file.uploaded) return <Line text={t('library.notUploaded')}>{day}</Line>;
  return <PhotoLine file={file}>{day}</PhotoLine>;
}

function PhotoLine({ file, children }: { file: LibraryFile; children: React.ReactNode }) {
  const { i18n } = useTranslation();
  const { problem, size } = useThumbnail(file);
  if (problem !== undefined) return <Line problem={problem.message}>{children}</Line>;
  const format = new Intl.NumberFormat(i18n.language, { useGrouping: false });
  return <Line text={size && `${format.format(size.width)} × ${format.format(size.height)}`}>{children}</Line>;
}

function UploadLine({ upload }: { upload: Upload }) {
  const { t, i18n } = useTranslation();
  const { retry } = useUploads();
  const { id, state, sentBytes, content } = upload;
  const percent = Math.floor((100 * sentBytes) / Math.max(1, content.size));
  const problem = describeUploadProblem(t, upload);
  const left = msLeft(upload);
  if (problem !== undefined) {
    return (
      <Line problem={problem}>
        {state === 'failed' && (
          <button type="button" className={classes.retry} onClick={() => retry(id)}>
            {t('uploads.retry')}
          </button>
        )}
      </Line>
    );
  }
  return (
    <>
      <span className={classes.progress} style={{ width: `${percent}%` }} />
      <Line text={t('uploads.sent', { percent, size: formatBytes(content.size, i18n.language) })}>
        {left !== undefined &&
          new Intl.NumberFormat(i18n.language, { style: 'unit', unit: 'second', unitDisplay: 'narrow' }).format(
            Math.ceil(left / 1000),
          )}
      </Line>
    </>
  );
}

function Line({ text, problem, children }: { text?: string; problem?: string; children: React.ReactNode }) {
  return (
    <small className={classes.line}>
      <span className={problem === undefined ? classes.text : classes.problem} title={problem}>
        {problem ?? text}
      </span>
      <span>{children}</span>
    </small>
  );
}
