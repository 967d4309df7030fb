import { Type } from 'typebox';
import type { FileLink, LinkSigner } from '../../../blobs/link-signer.ts';

/** Where signed links lead: outside every project, as the hosted API's do (CONTRACT.md 3, `PUT uploadUrl`). */
export const CONTENT_PATH = '/api/v1/files/storage/content';

export const contentLinkQuery = Type.Object({
  sig: Type.String({ description: 'What the link may be used for, signed.' }),
});
export interface ContentLinkQuery {
  sig: string;
}

/** An absolute address under which the holder may do what the link says, without a token, for `expiresInMs`. */
export async function createContentLink(
  { links, publicUrl }: { links: LinkSigner; publicUrl: string },
  link: FileLink,
  expiresInMs: number,
): Promise<string> {
  const url = new URL(CONTENT_PATH, publicUrl);
  url.searchParams.set('sig', await links.sign(link, expiresInMs));
  return url.href;
}
