import type { FastifyInstance } from 'fastify';
import { packageVersion } from '../../../runtime/package-version.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { nameBuild, readPage } from './read-page.ts';

/** Adds `GET /studio/config.json`: which version and build this is, and how its browser app signs in. */
export function addGetStudioConfig(app: FastifyInstance, { studio }: Pick<AppDependencies, 'studio'>): void {
  const version = packageVersion();
  app.get('/studio/config.json', { config: { access: 'open' }, schema: { hide: true } }, async (_request, reply) => {
    reply.header('cache-control', 'no-cache');
    const page = await readPage(studio.folder);
    return { version, build: page === undefined ? null : nameBuild(page), auth: studio.signIn };
  });
}
