import type { Check } from './check.ts';
import { groupsChecks, projectChecks, tokenInspectChecks } from './checks/access.ts';
import { annotationsChecks } from './checks/annotations.ts';
import { authenticationChecks } from './checks/authentication.ts';
import { downloadChecks, uploadChecks } from './checks/content-links.ts';
import { createFileChecks, overwriteChecks } from './checks/create-file.ts';
import { completedJobChecks, failedJobChecks, jobIdChecks } from './checks/get-segment.ts';
import { instancesChecks, spacesChecks } from './checks/instances.ts';
import { aggregateFilesChecks, listFilesByQueryChecks, listFilesChecks } from './checks/list-files.ts';
import {
  completeMultipartChecks,
  initMultipartChecks,
  multiUploadLinkChecks,
  uploadLinkChecks,
} from './checks/multipart-upload.ts';
import { placeFilesChecks } from './checks/place-files.ts';
import { postSegmentChecks } from './checks/post-segment.ts';
import { deleteFilesChecks, findFilesChecks, getFileChecks } from './checks/read-files.ts';
import { searchFilesChecks } from './checks/search-files.ts';
import { serverChecks } from './checks/server.ts';
import { answerHeaderChecks, requestChecks } from './checks/transport.ts';
import { updateFilesChecks } from './checks/update-files.ts';

/** Every check, in the order of the table. */
export const CHECKS: readonly Check[] = [
  ...postSegmentChecks,
  ...completedJobChecks,
  ...failedJobChecks,
  ...jobIdChecks,
  ...createFileChecks,
  ...overwriteChecks,
  ...uploadChecks,
  ...initMultipartChecks,
  ...completeMultipartChecks,
  ...uploadLinkChecks,
  ...multiUploadLinkChecks,
  ...findFilesChecks,
  ...getFileChecks,
  ...listFilesChecks,
  ...placeFilesChecks,
  ...listFilesByQueryChecks,
  ...searchFilesChecks,
  ...aggregateFilesChecks,
  ...updateFilesChecks,
  ...deleteFilesChecks,
  ...downloadChecks,
  ...annotationsChecks,
  ...spacesChecks,
  ...instancesChecks,
  ...tokenInspectChecks,
  ...projectChecks,
  ...groupsChecks,
  ...authenticationChecks,
  ...answerHeaderChecks,
  ...requestChecks,
  ...serverChecks,
];
