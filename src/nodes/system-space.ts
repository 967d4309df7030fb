import type { Space } from '#contract/data-modelling/spaces';

/**
 * The space of the view of files, which every project has and which cannot be changed
 * (docs/contract.md#spaces-read-and-delete).
 */
export const SYSTEM_SPACE: Space = {
  space: 'cdf_cdm',
  name: 'cdf_cdm',
  description: 'The view CogniteFile/v1, through which nodes are files',
  createdTime: 0,
  lastUpdatedTime: 0,
  isGlobal: true,
};
