/** Two values for each property that a client may give a file (docs/contract.md#files-object). */
export const FILE_PROPERTIES: Record<string, [first: unknown, second: unknown]> = {
  directory: ['/plant/pumps', '/plant/valves'],
  source: ['camera 1', 'camera 2'],
  mimeType: ['image/jpeg', 'image/png'],
  metadata: [{ site: 'north', line: '1' }, { site: 'south' }],
  assetIds: [
    [11, 12],
    [12, 13],
  ],
  dataSetId: [21, 22],
  sourceCreatedTime: [1_700_000_000_000, 1_700_000_000_001],
  sourceModifiedTime: [1_700_000_100_000, 1_700_000_100_001],
  securityCategories: [
    [31, 32],
    [32, 33],
  ],
  labels: [
    [{ externalId: 'pump' }, { externalId: 'red' }],
    [{ externalId: 'valve' }, { externalId: 'red' }],
  ],
  geoLocation: [pointAt(10, 60), pointAt(11, 61)],
};

function pointAt(longitude: number, latitude: number) {
  return { type: 'Feature', geometry: { type: 'Point', coordinates: [longitude, latitude] } };
}

/** The first value of each property. */
export const firstProperties = () =>
  Object.fromEntries(Object.entries(FILE_PROPERTIES).map(([name, [first]]) => [name, first]));
/** The second value of each property. */
export const secondProperties = () =>
  Object.fromEntries(Object.entries(FILE_PROPERTIES).map(([name, [, second]]) => [name, second]));
