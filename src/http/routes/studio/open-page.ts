import { randomBytes } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import type { Studio } from '../../app-dependencies.ts';
import { readPage } from './read-page.ts';
import { PAGE_HEADERS, studioPolicy } from './studio-headers.ts';

/** Stands in the built page where the nonce of its style elements has to be. */
const NONCE_PLACE = '__CSP_NONCE__';

/** Sends the page of the studio with a nonce of its own; a plain sentence where the studio has not been built. */
export async function openPage(reply: FastifyReply, { folder, otherOrigins }: Studio): Promise<FastifyReply> {
  const page = await readPage(folder);
  if (page === undefined) {
    return reply
      .code(404)
      .type('text/plain; charset=utf-8')
      .send(
        'The studio is not built yet. Run this in the folder of Kontur, then load this page again: npm run build\n',
      );
  }
  const nonce = randomBytes(16).toString('base64');
  const policy = studioPolicy({ otherOrigins: await otherOrigins(), nonce });
  return reply
    .headers({ ...PAGE_HEADERS, 'content-security-policy': policy })
    .type('text/html; charset=utf-8')
    .send(page.replaceAll(NONCE_PLACE, nonce));
}
