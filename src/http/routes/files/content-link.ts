import { Type } from 'typebox';
import type { FileLink, LinkSigner } from '../../../blobs/link-signer.ts';

/** Path of signed links: outside every project, as in the hosted API (docs/contract.md#files-upload). */
export const CONTENT_PATH = '/api/v1/files/storage/content';

/** Schema of the query parameters of signed links. */
export const contentLinkQuery = Type.Object({
  sig: Type.String({ description: 'What the link may be used for, signed.' }),
});
/** Query parameters of signed links. */
export interface ContentLinkQuery {
  sig: string;
}

/** Makes an absolute URL whose holder may do what the link says, without a token, for `expiresInMs` milliseconds. */
export async function createContentLink(
  { links, publicUrl }: { links: LinkSigner; publicUrl: string },
  link: FileLink,
  expiresInMs: number,
): Promise<string> {
  const url = new URL(CONTENT_PATH, publicUrl);
  url.searchParams.set('sig', await links.sign(link, expiresInMs));
  return url.href;
}
