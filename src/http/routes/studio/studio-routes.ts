import path from 'node:path';
import staticFiles from '@fastify/static';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AppDependencies } from '../../app-dependencies.ts';
import { openPage } from './open-page.ts';
import { FILE_HEADERS, studioPolicy } from './studio-headers.ts';

/** Letters, digits and the like in every part of the name; no part begins with a dot. */
const FILE_NAME = /^[\w@-][\w@.-]*(\/[\w@-][\w@.-]*)*$/;
/** Names in this folder contain a hash of the content. */
const HASHED = 'assets/';

const OPEN = { config: { access: 'open' as const }, schema: { hide: true } };

/** Adds `GET /studio/`, the browser app, with its files. */
export async function addStudioRoutes(
  app: FastifyInstance,
  { settings, studio }: Pick<AppDependencies, 'settings' | 'studio'>,
): Promise<void> {
  await app.register(async (scope) => {
    await scope.register(staticFiles, { serve: false, preCompressed: true });

    // With and without the slash at its end.
    scope.get('/studio', OPEN, async (request, reply) => {
      const elsewhere = rightAddress(request, settings);
      return elsewhere === undefined ? openPage(reply, studio) : reply.redirect(elsewhere);
    });

    scope.get('/studio/sample.jpg', OPEN, async (_request, reply) =>
      reply.headers(FILE_HEADERS).sendFile(path.basename(studio.samplePhoto), path.dirname(studio.samplePhoto)),
    );

    scope.get('/studio/*', OPEN, async (request, reply) => {
      const { '*': name } = request.params as { '*': string };
      if (name === 'index.html') return openPage(reply, studio);
      if (!FILE_NAME.test(name)) return reply.callNotFound();
      const policy = studioPolicy({ otherOrigins: await studio.otherOrigins() });
      reply.headers({ ...FILE_HEADERS, 'content-security-policy': policy });
      return reply.sendFile(name, studio.folder, name.startsWith(HASHED) ? { maxAge: '1y', immutable: true } : {});
    });
  });
}

/**
 * Where the page is to be opened instead: its relative addresses need the slash, and in development a browser that has
 * used another name of this machine would sign in under an address that is not its own.
 */
function rightAddress(
  { url, headers: { host = '' } }: FastifyRequest,
  { publicUrl, loopbackHostsOnly }: AppDependencies['settings'],
): string | undefined {
  const [place, ...query] = url.split('?');
  const address = ['/studio/', ...query].join('?');
  const right = new URL(publicUrl).host;
  const isOtherName = host !== right && portOf(host) === portOf(right);
  if (loopbackHostsOnly && isOtherName) return new URL(address, publicUrl).href;
  return place === '/studio' ? address : undefined;
}

const portOf = (host: string) => /:\d+$/.exec(host)?.[0];
