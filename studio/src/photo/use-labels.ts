import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../api/api-context.ts';
import { readLabels, rememberLabel } from '../objects/photo-keeper.ts';

/** Labels of a project. */
export interface Labels {
  /** Those that were used before, the last one first. */
  known: readonly string[];
  remember(label: string): void;
}

const NONE: readonly string[] = [];

/** The labels that were used in this browser for the project. Those that the server knows will be joined here. */
export function useLabels(): Labels {
  const { project } = useApi();
  const queries = useQueryClient();
  const queryKey = ['labels', project];
  const { data = NONE } = useQuery({
    queryKey,
    queryFn: () => readLabels(project),
    networkMode: 'always',
    retry: false,
  });
  return {
    known: data,
    remember(label) {
      queries.setQueryData(queryKey, [label, ...data.filter((one) => one !== label)]);
      void rememberLabel(project, label).catch(() => {});
    },
  };
}
