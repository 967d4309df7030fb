import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useApi } from '../api/api-context.ts';
import { followJobs } from './follow-jobs.ts';
import { deleteJob, type JobStatus, readJobs } from './job-list.ts';

/** A burst of changes reads the list once in this time. */
const READ_AGAIN_MS = 400;

/**
 * The jobs of the project, newest first, page by page, kept up to date by the server's events, and the files of those
 * that the events named.
 */
export function useJobs({ status, fileId }: { status?: JobStatus; fileId?: number }) {
  const api = useApi();
  const queries = useQueryClient();
  const key = ['jobs', api.project, status, fileId] as const;
  const [files, setFiles] = useState<ReadonlyMap<number, number>>(new Map());
  const jobs = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ signal, pageParam }) => readJobs(api, { status, fileId, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    void followJobs(
      api,
      (event) => {
        setFiles((known) => (known.has(event.jobId) ? known : new Map(known).set(event.jobId, event.fileId)));
        timer ??= setTimeout(() => {
          timer = undefined;
          void queries.invalidateQueries({ queryKey: ['jobs', api.project] });
        }, READ_AGAIN_MS);
      },
      abort.signal,
    );
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [api, queries]);
  const remove = useMutation({
    mutationFn: (jobId: number) => deleteJob(api, jobId),
    onSettled: () => queries.invalidateQueries({ queryKey: ['jobs', api.project] }),
  });
  return { jobs, files, remove };
}
