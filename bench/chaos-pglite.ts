import { openDatabase } from '../src/database/open-database.ts';
import { type Pauses, startFaults } from './chaos-faults.ts';
import { type ChaosTarget, judgeJobs, prepareChaos, runLoad } from './chaos-load.ts';
import { cutStoreOff, startChaosProcesses } from './chaos-processes.ts';
import type { Row } from './row.ts';

/**
 * Runs one process with everything embedded in `dataDir`, which is killed and restarted, with the store unavailable at
 * times.
 */
export async function runChaosOnPglite({
  count,
  dataDir,
  store,
  random,
  pauses,
}: {
  count: number;
  dataDir: string;
  store: string;
  random: () => number;
  pauses: Pauses;
}): Promise<Row[]> {
  const place = { location: { dataDir }, store };
  const photos = await prepareChaos(place);
  const processes = await startChaosProcesses(place, { count: 1, random });
  const faults = startFaults({ ofProcesses: [processes.kill], outages: [cutStoreOff(place)] }, { random, pauses });

  let lastId = 0;
  /** Asks the living process; fails if it dies before it answers. */
  const ask = (question: object) =>
    new Promise<number>((resolve, reject) => {
      const child = processes.running[0]!;
      const id = ++lastId;
      const answered = (answer: { id: number; result?: number }) => {
        if (answer.id === id) end(answer.result);
      };
      const died = () => end(undefined);
      const end = (result: number | undefined) => {
        child.off('message', answered).off('exit', died);
        if (result === undefined) reject(new Error('No answer.'));
        else resolve(result);
      };
      if (child.exitCode !== null || child.signalCode !== null) return died();
      child.on('message', answered).on('exit', died);
      child.send({ id, ...question }, (error) => {
        if (error !== null) died();
      });
    });
  const target: ChaosTarget = {
    post: (submit) => ask({ submit }),
    countUnfinished: () => ask({ count: true }),
  };
  const begin = performance.now();
  const posted = await runLoad(target, { photos, count, faults });
  const seconds = (performance.now() - begin) / 1000;
  await processes.stop();

  const database = await openDatabase(place.location);
  const rows = await judgeJobs(database, { photos, posted });
  await database.close();
  return [...rows, ...faults.rows(), { name: 'time', measured: seconds, unit: 's' }];
}
