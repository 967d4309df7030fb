import type { PartUpload } from './upload-part.ts';

/** A direct upload to the store: of a whole file, or of one part. */
export type NamedUpload = Pick<PartUpload, 'project' | 'fileId' | 'uploadGeneration'> &
  Partial<Pick<PartUpload, 'uploadId' | 'part'>>;

/** Prefix of the names of all direct uploads of a project. */
export const uploadsOfProject = (project: string) => `${encodeURIComponent(project)}/`;

/** Prefix of the names of all direct uploads of a file. */
export const uploadsOfFile = ({ project, fileId }: Pick<NamedUpload, 'project' | 'fileId'>) =>
  `${uploadsOfProject(project)}${fileId}-`;

/** Name of a direct upload in the store; that of a part begins with the name of its multipart upload, and a slash. */
export function uploadName({ uploadGeneration, uploadId, part, ...file }: NamedUpload): string {
  const parts = [`${uploadsOfFile(file)}${uploadGeneration}`, uploadId, part];
  return parts.filter((value) => value !== undefined).join('/');
}

const NAME = /^([^/]+)\/(\d+)-(\d+)(?:\/([\w-]+)\/(\d+))?$/;

/** Parses the name of a direct upload; undefined if it is not one. */
export function parseUploadName(name: string): NamedUpload | undefined {
  const [, project, fileId, uploadGeneration, uploadId, part] = NAME.exec(name) ?? [];
  if (project === undefined) return undefined;
  return {
    project: decodeURIComponent(project),
    fileId: Number(fileId),
    uploadGeneration: Number(uploadGeneration),
    ...(uploadId !== undefined && { uploadId, part: Number(part) }),
  };
}
