/** Largest id: int64 on the wire, but the JavaScript client reads it as a double (docs/contract.md#transport-ids). */
export const MAX_ID = Number.MAX_SAFE_INTEGER;

/** Least and most vertices of a polygon on the wire (docs/contract.md#segment-polygons). */
export const MIN_VERTICES = 3;
/** Most vertices of a polygon on the wire (docs/contract.md#segment-polygons). */
export const MAX_VERTICES = 1000;
/** Most vertices of an outline that a client sends, in all of its rings. */
export const MAX_OUTLINE_VERTICES = 10_000;
/** Most rings of an outline that a client sends. */
export const MAX_OUTLINE_RINGS = 1_000;

/** Most polygons of the mask of a prompt, and the vertices of all of them together. */
export const MAX_MASK_POLYGONS = 1000;
/** Most vertices of all polygons of the mask of a prompt together. */
export const MAX_MASK_VERTICES = 10_000;
/** Most runs of the mask of a prompt: three an image column of 10,000 pixels and more. */
export const MAX_MASK_RUNS = 50_000;
/** Most characters of the compressed runs of the mask of a prompt. */
export const MAX_MASK_TEXT = 250_000;
/** Longest side of the mask of a prompt in pixels. */
export const MAX_MASK_SIDE = 100_000;

/** Most ids in one request to a Files operation (docs/contract.md#files-by-ids). */
export const MAX_FILE_REFERENCES = 1000;
/** Most annotations in one request, and most files in a filter of them (docs/contract.md#annotations-create). */
export const MAX_ANNOTATIONS = 1000;
/** Most labels in one request (docs/contract.md#labels-create). */
export const MAX_LABEL_DEFINITIONS = 1000;
/** Most data sets that one request creates (docs/contract.md#data-sets-create). */
export const MAX_NEW_DATA_SETS = 10;
/** Most data sets in one request otherwise (docs/contract.md#data-sets-by-ids). */
export const MAX_DATA_SETS = 1000;
/** Most ids in one request for download links (docs/contract.md#files-download-link). */
export const MAX_DOWNLOAD_LINKS = 100;
/** Page size of list operations: default and maximum (docs/contract.md#transport-pages). */
export const DEFAULT_PAGE_SIZE = 100;
/** Largest page size of list operations (docs/contract.md#transport-pages). */
export const MAX_PAGE_SIZE = 1000;

/**
 * Largest JSON body of most operations, in bytes after decompression and in values at all levels: enough for a file
 * with a geometry of 10,000 positions, or 1000 ids, in the widest form that JSON allows.
 */
export const MAX_BODY_BYTES = 2 * 1024 * 1024;
/** Most values at all levels of the JSON body of most operations. */
export const MAX_BODY_VALUES = 50_000;
/**
 * Largest JSON body of operations that change up to 1000 records at once, in bytes after decompression and in values at
 * all levels: enough for full metadata of each record.
 */
export const MAX_BULK_BODY_BYTES = 16 * 1024 * 1024;
/** Most values at all levels of the JSON body of operations that change up to 1000 records at once. */
export const MAX_BULK_BODY_VALUES = 300_000;
/** Most values at all levels of a body with annotations: three for each of some 190 vertices of 1000 annotations. */
export const MAX_ANNOTATION_BODY_VALUES = 600_000;

/** Most that the records of one answer take, in bytes of JSON: 1000 files with full metadata fit. */
export const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
/** Most bytes of JSON in the geoLocation of a file, not counting its coordinates. */
export const MAX_GEO_LOCATION_BYTES = 10_240;
/** Most bytes of JSON in the properties of a node. */
export const MAX_NODE_BYTES = 1024 * 1024;

/** Lifetime of a download link, plain and extended (docs/contract.md#files-download-link). */
export const DOWNLOAD_LINK_MS = 30_000;
/** Lifetime of an extended download link (docs/contract.md#files-download-link). */
export const EXTENDED_DOWNLOAD_LINK_MS = 3_600_000;
/** Lifetime of an upload link, of an upload in parts and of a file without content (docs/contract.md#files-expiry). */
export const UPLOAD_LINK_MS = 7 * 24 * 3_600_000;

/** Largest content of one PUT, in bytes (docs/contract.md#files-upload). */
export const MAX_UPLOAD_BYTES = 5_000_000_000;
/** Most parts of an upload, and largest content of a part in bytes (docs/contract.md#files-complete-multipart). */
export const MAX_PARTS = 250;
/** Largest content of a part of an upload, in bytes (docs/contract.md#files-complete-multipart). */
export const MAX_PART_BYTES = 4000 * 1024 ** 2;

/** Most partitions that a list is read in (docs/contract.md#transport-partitions). */
export const MAX_PARTITIONS = 10;
/** Most labels, security categories and assets of one file (docs/contract.md#files-object). */
export const MAX_LABELS = 10;
/** Most security categories of one file (docs/contract.md#files-object). */
export const MAX_SECURITY_CATEGORIES = 100;
/** Most assets of one file (docs/contract.md#files-object). */
export const MAX_ASSET_IDS = 1000;
