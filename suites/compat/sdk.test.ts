import { afterAll, beforeAll } from 'vitest';
import { testAnnotations } from './sdk/annotations.ts';
import { testAuthentication } from './sdk/authentication.ts';
import { testErrors } from './sdk/errors.ts';
import { testFiles } from './sdk/files.ts';
import { testInstances } from './sdk/instances.ts';
import { testOverload } from './sdk/overload.ts';
import { type SdkServer, startSdkServer } from './sdk/sdk-server.ts';
import { testSegment } from './sdk/segment.ts';

let server: SdkServer;
beforeAll(async () => {
  server = await startSdkServer();
});
afterAll(() => server?.close());

const running = () => server;
testAuthentication(running);
testFiles(running);
testErrors(running);
testSegment(running);
testInstances(running);
testAnnotations(running);
testOverload(running);
