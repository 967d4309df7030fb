import type { FileEntry } from '../../../files/file-record.ts';

/** A media type without parameters, as RFC 9110 spells it; anything else that a client declared is not sent back. */
const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/;

/**
 * Headers that make a browser save content instead of showing or running it: an uploader must not act in the name of
 * this server.
 */
export function contentHeaders({ name, mimeType = '' }: FileEntry) {
  return {
    'content-type': MEDIA_TYPE.test(mimeType) ? mimeType : 'application/octet-stream',
    'content-disposition': attachment(name),
    'content-security-policy': "sandbox; default-src 'none'",
    'cache-control': 'private, no-store',
  };
}

/**
 * `content-disposition` of RFC 6266: the name in ASCII for old clients, and exactly in UTF-8. Path separators are
 * removed from both.
 */
function attachment(name: string): string {
  const safe = name.replaceAll(/[/\\]/g, '_');
  const ascii = safe.replaceAll(/[^\x20-\x7e]|["%]/g, '_');
  const exact = encodeURIComponent(safe).replaceAll(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${exact}`;
}
