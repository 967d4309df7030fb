import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.ts';
import { readFacets } from './annotation-requests.ts';
import { isNotOffered } from './meet-refusal.ts';

/**
 * How many annotations there are of each label, state and person; undefined while it is not known.
 *
 * @returns `isOwn`: whether this server keeps the annotations itself, with their history; false where it hands them on
 */
export function useFacets(dataSetId?: number) {
  const api = useApi();
  const { data, error } = useQuery({
    queryKey: ['annotation-facets', api.project, dataSetId],
    queryFn: ({ signal }) => readFacets(api, dataSetId, signal),
    retry: (tries, failure) => tries < 1 && !isNotOffered(failure),
  });
  return { facets: data, isOwn: !isNotOffered(error) };
}
