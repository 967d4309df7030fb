import type { FileCreate } from '#contract/files/file';

type Properties = { [Key in keyof FileCreate]?: FileCreate[Key] | null };

/** Converts the given properties to values of their columns; Kysely ignores undefined ones. */
export function toColumns(properties: Properties) {
  const { metadata, geoLocation, labels } = properties;
  return {
    external_id: properties.externalId,
    directory: properties.directory,
    source: properties.source,
    mime_type: properties.mimeType,
    metadata: metadata && JSON.stringify(metadata),
    asset_ids: properties.assetIds,
    data_set_id: properties.dataSetId,
    source_created_time: properties.sourceCreatedTime,
    source_modified_time: properties.sourceModifiedTime,
    security_categories: properties.securityCategories,
    labels: labels?.map(({ externalId }) => externalId) ?? (labels === null ? null : undefined),
    geo_location: geoLocation && JSON.stringify(geoLocation),
  };
}
