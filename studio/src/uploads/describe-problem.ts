import type { TFunction } from 'i18next';
import { ApiError } from '../api/api-error.ts';
import type { Upload } from './upload.ts';

/** Why an upload has not ended well, as a person reads it. */
export function describeUploadProblem(t: TFunction, { problem, refusal }: Upload): string | undefined {
  if (refusal !== undefined) return t(`uploads.refused.${refusal}`);
  if (problem === undefined) return undefined;
  if (!(problem instanceof ApiError)) return problem.message;
  switch (problem.status) {
    case 0:
      return t('uploads.lost');
    case 403:
      return t('uploads.forbidden');
    case 413:
      return t('uploads.tooLarge', { reason: problem.message });
    case 429:
    case 503:
      return t('uploads.busy');
    case 507:
      return t('uploads.diskFull');
    default:
      return problem.message;
  }
}
