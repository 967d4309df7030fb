import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { useApi } from '../api/api-context.ts';
import { readJobs } from '../jobs/job-list.ts';

/** What the server says of itself: `GET /readyz`. */
export interface Readiness {
  status: 'ready' | 'not ready';
  parts: Record<string, 'ready' | 'not ready'>;
  engine?: { model: string; precision: string; provider: string };
}

/** One look at the server. */
export interface Look {
  /** Milliseconds since 1970-01-01 UTC. */
  time: number;
  /** Time that the answer took, as the page sees it; undefined if there was none. */
  ms: number | undefined;
}

const EVERY_MS = 2000;
/** Looks that are kept: five minutes. */
const MOST_LOOKS = 150;

/** Looks at the server every other second. */
export function useHealth() {
  const looks = useRef<Look[]>([]);
  const look = useQuery({
    queryKey: ['health'],
    queryFn: async ({ signal }) => {
      const start = performance.now();
      const note = (ms: number | undefined) => {
        looks.current = [...looks.current, { time: Date.now(), ms }].slice(-MOST_LOOKS);
      };
      try {
        const response = await fetch('/readyz', { signal, cache: 'no-store' });
        const readiness = (await response.json()) as Readiness;
        note(performance.now() - start);
        return { readiness, looks: looks.current };
      } catch (error) {
        note(undefined);
        throw error;
      }
    },
    refetchInterval: EVERY_MS,
    networkMode: 'always',
    retry: false,
  });
  return { look, looks: looks.current };
}

/** How many of the newest jobs are counted. */
const COUNTED = 1000;

/** Counts jobs: those that wait and run, and how the newest ended. */
export function useJobCounts() {
  const api = useApi();
  return useQuery({
    queryKey: ['job-counts', api.project],
    queryFn: async ({ signal }) => {
      const [queued, running, newest] = await Promise.all([
        readJobs(api, { status: 'Queued', limit: COUNTED }, signal),
        readJobs(api, { status: 'Running', limit: COUNTED }, signal),
        readJobs(api, { limit: COUNTED }, signal),
      ]);
      const hourAgo = Date.now() - 3_600_000;
      const ended = newest.items.filter(({ statusTime, startTime }) => startTime !== null && statusTime > hourAgo);
      return {
        queued: queued.items.length,
        running: running.items.length,
        completed: ended.filter(({ status }) => status === 'Completed'),
        failed: ended.filter(({ status }) => status === 'Failed').length,
      };
    },
    refetchInterval: 5000,
  });
}
