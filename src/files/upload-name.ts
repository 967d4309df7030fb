import type { PartUpload } from './upload-part.ts';

/** An upload straight to the store: whole, or of one part. */
export type NamedUpload = Pick<PartUpload, 'project' | 'fileId' | 'uploadGeneration'> &
  Partial<Pick<PartUpload, 'uploadId' | 'part'>>;

/** What the names of all uploads of a project begin with. */
export const uploadsOfProject = (project: string) => `${encodeURIComponent(project)}/`;

/** What the names of all uploads of a file begin with. */
export const uploadsOfFile = ({ project, fileId }: Pick<NamedUpload, 'project' | 'fileId'>) =>
  `${uploadsOfProject(project)}${fileId}-`;

/** The name that an upload has in the store; that of a part begins with the name for all parts of its upload, and a slash. */
export function uploadName({ uploadGeneration, uploadId, part, ...file }: NamedUpload): string {
  const parts = [`${uploadsOfFile(file)}${uploadGeneration}`, uploadId, part];
  return parts.filter((value) => value !== undefined).join('/');
}

const NAME = /^([^/]+)\/(\d+)-(\d+)(?:\/([\w-]+)\/(\d+))?$/;

/** The upload that has a name; undefined for what is none. */
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
