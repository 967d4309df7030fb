import { EXAMPLE_DATA_SET_ID } from './example-ids.ts';

const CREATED = 1796066048172;
const times = { createdTime: CREATED, lastUpdatedTime: CREATED };

const dataSet = {
  id: EXAMPLE_DATA_SET_ID,
  externalId: 'harbour',
  name: 'Harbour',
  description: 'Photos of the harbour',
  metadata: {},
  writeProtected: false,
  ...times,
};
const label = { externalId: 'boat', name: 'Boat', description: 'Shows a boat', createdTime: CREATED };

/** A successful answer of each operation on labels and data sets. */
export const LABEL_ANSWERS: Record<string, unknown> = {
  createDataSets: { items: [dataSet] },
  listDataSets: { items: [dataSet] },
  getDataSets: { items: [dataSet] },
  updateDataSets: { items: [{ ...dataSet, metadata: { owner: 'ann' }, lastUpdatedTime: CREATED + 960 }] },
  aggregateDataSets: { items: [{ count: 1 }] },
  createLabelDefinitions: { items: [label] },
  listLabels: { items: [label] },
  byIdsLabels: { items: [label] },
  deleteLabels: {},
};
