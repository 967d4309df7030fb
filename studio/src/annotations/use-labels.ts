import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../api/api-context.ts';
import { readLabels, rememberLabel } from '../objects/photo-keeper.ts';
import { readFacets } from './annotation-requests.ts';

/** Labels of a project. */
export interface Labels {
  /** Those that this person used last come first, then those in use, the most used first. */
  known: readonly string[];
  remember(label: string): void;
}

const NONE: readonly string[] = [];
/** How long labels of the server count as known, in milliseconds. */
const FRESH_MS = 60_000;

/** The labels that were used in this browser for the project, and those that its server knows. */
export function useLabels(): Labels {
  const api = useApi();
  const { project } = api;
  const queries = useQueryClient();
  const queryKey = ['labels', project];
  const { data: used = NONE } = useQuery({
    queryKey,
    queryFn: () => readLabels(project),
    networkMode: 'always',
    retry: false,
  });
  // A help, not a need: the server may not offer it.
  const { data: inUse = NONE } = useQuery({
    queryKey: ['labels-in-use', project],
    queryFn: async ({ signal }) =>
      (await readFacets(api, undefined, signal)).labels.flatMap(({ label }) => label ?? []),
    staleTime: FRESH_MS,
    retry: false,
  });
  const known = useMemo(() => [...new Set([...used, ...inUse])], [used, inUse]);
  return {
    known,
    remember(label) {
      queries.setQueryData(queryKey, [label, ...used.filter((one) => one !== label)]);
      void rememberLabel(project, label).catch(() => {});
    },
  };
}
