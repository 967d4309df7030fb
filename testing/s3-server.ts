import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { startFauxqs } from 'fauxqs';
import type { S3Location } from '../src/config/blobs-location.ts';
import { freePort } from './free-port.ts';

/** An S3-compatible server in this process with one empty bucket, and a line to it that can be cut. */
export interface S3Server {
  endpoint: string;
  /** Port that it listens on behind the line. */
  storePort: number;
  bucket: string;
  /** Environment variables with which a process uses it. */
  environment: Record<string, string>;
  location(prefix: string): S3Location;
  /** Names of all objects under a prefix. */
  list(prefix?: string): Promise<string[]>;
  /** Time of the last write of an object, in milliseconds since 1970-01-01 UTC. */
  writtenTime(name: string): Promise<number>;
  /** Makes the server unreachable and breaks off requests under way. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  close(): Promise<void>;
}

export async function startS3Server(): Promise<S3Server> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const store = await startFauxqs({ port: 0, logger: false });
  const bucket = 'kontur-tests';
  store.createBucket(bucket);

  const sockets = new Set<Socket>();
  const line = createServer((client) => {
    const server = connect(store.port, '127.0.0.1');
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  const port = await freePort();
  const listen = async () => void (await once(line.listen(port, '127.0.0.1'), 'listening'));
  const cut = async () => {
    const closed = once(line, 'close');
    line.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await listen();

  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
  return {
    endpoint,
    storePort: store.port,
    bucket,
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    location: (prefix) => ({ bucket, prefix, endpoint }),
    async list(prefix = '') {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
      return Contents.map(({ Key }) => Key!);
    },
    async writtenTime(name) {
      const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: name }));
      return Contents![0]!.LastModified!.getTime();
    },
    cut,
    mend: listen,
    async close() {
      client.destroy();
      if (line.listening) await cut();
      await store.stop();
    },
  };
}
