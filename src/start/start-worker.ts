import type { Config } from '../config/load-config.ts';
import { closeApp } from '../http/close-app.ts';
import { createHealthApp } from '../http/create-health-app.ts';
import { cannotListen, chooseAddress } from '../runtime/choose-address.ts';
import { createPlatform } from './create-platform.ts';
import type { Server } from './start-server.ts';

/**
 * Starts a process that runs jobs submitted elsewhere, and only answers health checks.
 *
 * @throws the error of a part that cannot start; then nothing is left running
 */
export async function startWorker(config: Config): Promise<Server> {
  const { port, publicUrl: url } = await chooseAddress({ ...config, publicUrl: undefined });
  const { logger, readiness, failure, cleanup } = await createPlatform(config);
  try {
    const app = createHealthApp({ logger, readiness });
    cleanup.add(() => closeApp(app));
    await app.listen({ host: config.host, port }).catch((error) => {
      throw cannotListen(error, config.host, port);
    });
    logger.info({ url }, 'the worker takes jobs');
    return { url, failure, close: () => cleanup.run() };
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}
