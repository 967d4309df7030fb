import { jwtVerify, SignJWT } from 'jose';
import { KonturError } from '#contract/errors';

/** Permission of a signed link: put or get the content of one file of one project, or put a part of it. */
export interface FileLink {
  kind: 'upload' | 'download';
  project: string;
  fileId: number;
  /** `uploadGeneration` of the file when the link was issued. */
  uploadGeneration: number;
  /** For an upload in parts: its id, and the number of the part, from 1. */
  multipart?: { uploadId: string; part: number };
}

/** Signs and verifies links to the content of a file. */
export interface LinkSigner {
  /** Token for the link's address, valid for `expiresInMs`, rounded up to whole seconds. */
  sign(link: FileLink, expiresInMs: number): Promise<string>;
  /** @throws KonturError `forbidden` for a token that is forged, expired or of the other kind. */
  verify(token: string, kind: FileLink['kind']): Promise<FileLink>;
}

const ALGORITHM = 'HS256';
/** Keeps the tokens of links apart from any other use of the same key. */
const AUDIENCE = 'kontur-file-link';

/** Signs and verifies links with a secret key of 32 bytes or more. `now` is in milliseconds since 1970-01-01 UTC. */
export function createLinkSigner({ key, now = Date.now }: { key: Uint8Array; now?: () => number }): LinkSigner {
  return {
    sign: ({ kind, project, fileId, uploadGeneration, multipart }, expiresInMs) =>
      new SignJWT({ kind, project, fileId, uploadGeneration, multipart })
        .setProtectedHeader({ alg: ALGORITHM })
        .setAudience(AUDIENCE)
        .setExpirationTime(Math.ceil((now() + expiresInMs) / 1000))
        .sign(key),

    async verify(token, kind) {
      try {
        const { payload } = await jwtVerify<FileLink>(token, key, {
          algorithms: [ALGORITHM],
          audience: AUDIENCE,
          requiredClaims: ['exp'],
          currentDate: new Date(now()),
        });
        if (payload.kind !== kind) throw new Error(`a link to ${payload.kind}`);
        const { project, fileId, uploadGeneration, multipart } = payload;
        return { kind, project, fileId, uploadGeneration, ...(multipart && { multipart }) };
      } catch (cause) {
        throw new KonturError('forbidden', `The ${kind} link is wrong or has expired. Ask for a new one.`, { cause });
      }
    },
  };
}
