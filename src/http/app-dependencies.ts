import type { AnnotationStore } from '../annotations/annotation-store.ts';
import type { Choices } from '../annotations/choices.ts';
import type { Authenticate } from '../auth/create-authenticator.ts';
import type { EmbeddedIssuer } from '../auth/create-embedded-issuer.ts';
import type { ProjectTrust } from '../auth/verify-token.ts';
import type { Blobs } from '../blobs/blobs.ts';
import type { DirectUploads } from '../blobs/direct-uploads.ts';
import type { LinkSigner } from '../blobs/link-signer.ts';
import type { DataSetStore } from '../data-sets/data-set-store.ts';
import type { Pictures } from '../engine/create-pictures.ts';
import type { Engine } from '../engine/engine.ts';
import type { Files } from '../files/create-files.ts';
import type { Preview } from '../images/create-preview.ts';
import type { UpstreamAnnotations } from '../images/gateway/create-upstream-annotations.ts';
import type { UpstreamApi } from '../images/gateway/create-upstream-api.ts';
import type { ImageSource } from '../images/image-source.ts';
import type { Jobs } from '../jobs/create-jobs.ts';
import type { LabelStore } from '../labels/label-store.ts';
import type { Instances } from '../nodes/create-instances.ts';
import type { Logger } from '../telemetry/create-logger.ts';

/** Settings that the HTTP layer uses. */
export interface HttpSettings {
  /** Address of the server as clients see it, without a path; links and the API description start with it. */
  publicUrl: string;
  /** Refuse requests whose Host is not this machine (see plugins/refuse-other-hosts.ts). */
  loopbackHostsOnly: boolean;
  corsOrigins: readonly string[];
  /** Addresses or ranges of the reverse proxies whose forwarded headers count. */
  trustedProxies?: readonly string[];
  maxPoints: number;
  maxUploadBytes: number;
  /** Whether small objects in large photos get a second look in a window. */
  detailWindows: boolean;
  /** Gateway mode: origin of the project's home, where everything goes that this server does not do itself. */
  upstream?: string;
}

/**
 * Checks by name of a part of the server. A check resolves once its part can work, possibly with a description of what
 * runs; else it rejects or stays pending.
 */
export type ReadinessChecks = Record<string, () => Promise<unknown>>;

/** How people sign in on the studio: by authorisation code with PKCE, at one issuer. */
export interface StudioSignIn {
  /** Where tokens come from; `upstream` in gateway mode. */
  mode: 'development' | 'builtin' | 'oidc' | 'upstream';
  /** Address of the issuer, as its tokens and its discovery document have it. */
  authority?: string;
  clientId?: string;
  /** Scopes to ask for, with a space between two. */
  scope: string;
  /** Where the issuer sends a browser back to, after signing in and after signing out. */
  redirectUri: string;
  /** Settings without which nobody can sign in there, such as `KONTUR_STUDIO_CLIENT_ID`; mostly none. */
  missing: string[];
}

/** The studio, the browser app at `/studio/`. */
export interface Studio {
  /** Folder of its built files. */
  folder: string;
  /** JPEG that its page may show and upload, to be tried on. */
  samplePhoto: string;
  signIn: StudioSignIn;
  /** Origins that its page may call, besides the server's own: of the issuer, and of a store with direct links. */
  otherOrigins(): Promise<readonly string[]>;
}

/** Everything that routes need, built by `start/`. */
export interface AppDependencies {
  settings: HttpSettings;
  logger: Logger;
  authenticate: Authenticate;
  /** The projects of this server, each with the issuers whose tokens it accepts. */
  trusts: readonly ProjectTrust[];
  issuer?: Pick<EmbeddedIssuer, 'requestListener' | 'tokenUrl' | 'authorizationUrl'>;
  files: Files;
  instances: Instances;
  annotations: AnnotationStore;
  choices: Choices;
  /** Only in gateway mode: annotations that the upstream keeps. */
  upstreamAnnotations?: UpstreamAnnotations & Pick<UpstreamApi, 'findFiles'>;
  labels: LabelStore;
  dataSets: DataSetStore;
  images: Pick<ImageSource, 'resolve' | 'checkReadable' | 'readable' | 'open'>;
  jobs: Pick<Jobs, 'submit' | 'find' | 'list' | 'cancel' | 'subscribe'>;
  pictures: Pick<Pictures, 'measure' | 'makeThumbnail' | 'cutOut' | 'draw'>;
  preview: Preview;
  blobs: Pick<Blobs, 'read'>;
  /** Undefined in a process that leaves jobs to other processes. */
  engine?: Pick<Engine, 'readEmbedding' | 'measure' | 'describeModel' | 'exportDecoder'>;
  links: LinkSigner;
  /** Makes links that lead straight to the store; if undefined, links lead to this server. */
  direct?: Pick<DirectUploads, 'uploadUrl' | 'downloadUrl'>;
  readiness: ReadinessChecks;
  studio: Studio;
}
