import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createAnnotationStore } from '../annotations/annotation-store.ts';
import { createChoices } from '../annotations/choices.ts';
import { createAuthenticator } from '../auth/create-authenticator.ts';
import { keepLinkKey } from '../auth/secret-keeper.ts';
import { createLinkSigner } from '../blobs/link-signer.ts';
import type { Config } from '../config/load-config.ts';
import { createDataSetStore } from '../data-sets/data-set-store.ts';
import { createPictures } from '../engine/create-pictures.ts';
import { closeApp } from '../http/close-app.ts';
import { createApp } from '../http/create-app.ts';
import { createPreview } from '../images/create-preview.ts';
import { createLabelStore } from '../labels/label-store.ts';
import { createInstances } from '../nodes/create-instances.ts';
import { cannotListen, chooseAddress } from '../runtime/choose-address.ts';
import { createAccess } from './create-access.ts';
import { createPlatform } from './create-platform.ts';
import { describeStudio } from './describe-studio.ts';
import { showSamplePhoto } from './show-sample-photo.ts';

/** A running server. */
export interface Server {
  /** Its public URL, without a trailing slash. */
  url: string;
  /** In development: address that signs its first visitor in on the studio. It is as good as a secret. */
  entryUrl?: string;
  /** Rejects when a part dies that the server cannot do without. */
  failure: Promise<never>;
  /** Stops taking requests and jobs, lets running ones finish or gives them back, and unlocks the data folder. */
  close(): Promise<void>;
}

/**
 * Starts a process that serves clients and, by default, runs jobs; it listens once the model is loaded.
 *
 * @param onAddress called with the public URL as soon as it is known, before anything slow begins
 * @throws the error of a part that cannot start; then nothing is left running
 */
export async function startServer(config: Config, onAddress?: (url: string) => void): Promise<Server> {
  const { port, publicUrl } = await chooseAddress(config);
  onAddress?.(publicUrl);
  const platform = await createPlatform(config);
  const {
    logger,
    database,
    engine,
    files,
    uploads,
    images,
    gateway,
    jobs,
    blobs,
    keepSecret,
    readiness,
    failure,
    isNew,
    cleanup,
  } = platform;
  try {
    const pictures = createPictures({ maxPixels: config.maxPixels, logger });
    cleanup.add(() => pictures.close());
    const { trusts, issuer } =
      gateway === undefined
        ? await createAccess(config, { publicUrl, keepSecret, database, logger })
        : { trusts: [], issuer: undefined };
    if (issuer !== undefined && config.auth === 'development' && config.samplePhoto && isNew) {
      await showSamplePhoto(platform, trusts);
    }
    const app = await createApp({
      settings: {
        ...config,
        publicUrl,
        loopbackHostsOnly: config.upstream === undefined && config.auth === 'development',
      },
      logger,
      authenticate: gateway?.authenticate ?? createAuthenticator(trusts),
      trusts,
      issuer,
      files,
      instances: createInstances({ database, files }),
      annotations: createAnnotationStore({ database }),
      choices: createChoices({ database }),
      upstreamAnnotations: gateway?.annotations,
      labels: createLabelStore({ database }),
      dataSets: createDataSetStore({ database }),
      images,
      jobs,
      blobs,
      direct: uploads,
      engine,
      pictures,
      preview: createPreview({
        images,
        engine,
        detailWindows: config.detailWindows,
        timeoutMs: config.jobTimeoutMs,
      }),
      links: createLinkSigner({ key: await keepLinkKey(keepSecret, config.dataDir) }),
      readiness,
      studio: describeStudio(config, { publicUrl, issuerUrl: issuer?.issuerUrl, uploads }),
    });
    cleanup.add(() => closeApp(app));
    await app.listen({ host: config.host, port }).catch((error) => {
      throw cannotListen(error, config.host, port);
    });
    cleanup.add(await announce(config.dataDir, publicUrl));
    logger.info({ publicUrl, dataDir: config.dataDir }, 'the server listens');
    return { url: publicUrl, entryUrl: issuer?.entryUrl, failure, close: () => cleanup.run() };
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

/** Writes the address of the server to the data folder, for `kontur token`. */
async function announce(dataDir: string, url: string): Promise<() => Promise<void>> {
  const file = path.join(dataDir, 'server.json');
  await writeFile(file, `${JSON.stringify({ url, pid: process.pid })}\n`, { mode: 0o600 });
  return () => rm(file, { force: true });
}
