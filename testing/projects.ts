/** A project of Vitest: tests that need the same set-up, and so run in the same way. */
export interface Project {
  name: string;
  /** Globs of its test files, from the root; a file that several projects list belongs to the first. */
  files: string[];
  /** Whether its tests load no database, engine or server, so that one process runs them all. */
  pure?: true;
  /** Set-up that runs once before its tests: modules of this folder. */
  needs: ('built-dist' | 'installed-browser' | 'start-databases' | 'prepared-graphs')[];
}

/** Projects in the order in which they run (test/README.md). */
export const PROJECTS: Project[] = [
  {
    name: 'pure',
    pure: true,
    needs: [],
    files: [
      'test/*.test.ts',
      'test/{config,contract,geometry,imaging,outputs,prompting,telemetry}/**/*.test.ts',
      'test/{auth,runtime}/!(development-sign-in|documented-commands|sibling-module).test.ts',
      'test/bench/{coco-objects,fill-figures,format-table,memory-samples,next-click,write-mosaics}.test.ts',
      'test/blobs/{cache-folder,disk-blobs,link-signer}.test.ts',
      'test/segment/format-result.test.ts',
      'test/transfer/read-set.test.ts',
      'test/database/{database-error,random-id}.test.ts',
      'test/engine/{embedding-index,encoded-image,half-float,normalise-image,run-memory}.test.ts',
      'test/files/{check-image-file,geo-location/check-geometry,geo-location/relate-shapes}.test.ts',
      'test/jobs/{decide-retry,job-result,old-results,waiting-limits}.test.ts',
      'test/models/{aspect-buckets,choose-precision,pull-model,flavours/fill-masks}.test.ts',
      'test/models/mobilesam/tinyvit/{quantise-columns,split-qkv}.test.ts',
      'test/studio/!(copied-code|run-export).test.ts',
      'suites/fuzz/find-fault.test.ts',
    ],
  },
  {
    name: 'tools',
    needs: ['built-dist', 'start-databases', 'prepared-graphs'],
    files: ['test/{bench,checks,package}/*.test.ts', 'suites/*/*.test.ts'],
  },
  {
    name: 'studio',
    needs: ['built-dist', 'installed-browser', 'start-databases', 'prepared-graphs'],
    files: ['test/studio/browser/*.test.ts'],
  },
  {
    name: 'server',
    needs: ['built-dist', 'start-databases', 'prepared-graphs'],
    files: [
      'test/{cli,http,start,transfer}/**/*.test.ts',
      'test/images/gateway/*.test.ts',
      'test/auth/*.test.ts',
      'test/studio/{copied-code,run-export}.test.ts',
    ],
  },
  {
    name: 'engine',
    needs: ['built-dist', 'prepared-graphs'],
    files: ['test/{engine,models,processes,runtime,segment}/**/*.test.ts'],
  },
  {
    name: 'database',
    needs: ['start-databases'],
    files: ['test/{annotations,blobs,data-sets,database,files,images,jobs,nodes}/**/*.test.ts'],
  },
];
