import type { Authenticate } from '../auth/create-authenticator.ts';
import type { EmbeddedIssuer } from '../auth/create-embedded-issuer.ts';
import type { ProjectTrust } from '../auth/verify-token.ts';
import type { Blobs } from '../blobs/blobs.ts';
import type { DirectUploads } from '../blobs/direct-uploads.ts';
import type { LinkSigner } from '../blobs/link-signer.ts';
import type { Pictures } from '../engine/create-pictures.ts';
import type { Engine } from '../engine/engine.ts';
import type { Files } from '../files/create-files.ts';
import type { Preview } from '../images/create-preview.ts';
import type { ImageSource } from '../images/image-source.ts';
import type { Jobs } from '../jobs/create-jobs.ts';
import type { Instances } from '../nodes/create-instances.ts';
import type { Logger } from '../telemetry/create-logger.ts';

/** What of the configuration the HTTP layer looks at. */
export interface HttpSettings {
  /** Address of the server as clients see it, without a path; links and the API description start with it. */
  publicUrl: string;
  /** Refuse requests whose Host is not this machine (see plugins/refuse-other-hosts.ts). */
  loopbackHostsOnly: boolean;
  corsOrigins: readonly string[];
  maxPoints: number;
  maxUploadBytes: number;
  /** Gateway mode: origin of the project's home, where everything goes that this server does not do itself. */
  upstream?: string;
}

/** Resolves when a part of the server can do its work, and else rejects or stays pending. May answer what it works with. */
export type ReadinessChecks = Record<string, () => Promise<unknown>>;

/** Everything that requests are answered with. */
export interface AppDependencies {
  settings: HttpSettings;
  logger: Logger;
  authenticate: Authenticate;
  /** The projects that there are, and whose tokens each of them accepts. */
  trusts: readonly ProjectTrust[];
  issuer?: Pick<EmbeddedIssuer, 'requestListener' | 'tokenUrl' | 'authorizationUrl'>;
  files: Files;
  instances: Instances;
  images: Pick<ImageSource, 'resolve' | 'checkReadable' | 'readable' | 'open'>;
  jobs: Pick<Jobs, 'submit' | 'find' | 'list' | 'cancel' | 'subscribe'>;
  pictures: Pick<Pictures, 'measure' | 'makeThumbnail' | 'cutOut' | 'draw'>;
  preview: Preview;
  blobs: Pick<Blobs, 'read'>;
  /** None in a process that leaves jobs to others. */
  engine?: Pick<Engine, 'readEmbedding' | 'describe'>;
  links: LinkSigner;
  /** Makes links that lead straight to the store; without it they lead here. */
  direct?: Pick<DirectUploads, 'uploadUrl' | 'downloadUrl'>;
  readiness: ReadinessChecks;
}
