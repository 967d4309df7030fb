/** Largest id the API hands out or accepts: int64 on the wire, but the JavaScript SDK reads it as a double (CONTRACT.md 2). */
export const MAX_ID = Number.MAX_SAFE_INTEGER;

/** A polygon on the wire has this many vertices at least and at most (segment.openapi.yaml, `Polygon`). */
export const MIN_VERTICES = 3;
export const MAX_VERTICES = 1000;

/** Most ids in one request to a Files operation (CONTRACT.md 3). */
export const MAX_FILE_REFERENCES = 1000;
/** Most ids in one request for download links (CONTRACT.md 3). */
export const MAX_DOWNLOAD_LINKS = 100;
/** Page size of list operations: default and maximum (CONTRACT.md 2). */
export const DEFAULT_PAGE_SIZE = 100;
export const MAX_PAGE_SIZE = 1000;

/** Largest JSON body in bytes, counted after inflating. 1000 files with full metadata fit. */
export const MAX_BODY_BYTES = 20 * 1024 * 1024;

/** Lifetime of a download link, plain and extended (CONTRACT.md 3, `downloadlink`). */
export const DOWNLOAD_LINK_MS = 30_000;
export const EXTENDED_DOWNLOAD_LINK_MS = 3_600_000;
/** Lifetime of an upload link, of an upload in parts and of a file without content: one week (CONTRACT.md 3). */
export const UPLOAD_LINK_MS = 7 * 24 * 3_600_000;

/** Largest content of one PUT, in bytes (CONTRACT.md 3). */
export const MAX_UPLOAD_BYTES = 5_000_000_000;
/** Upload in parts: how many, and how large each, in bytes (CONTRACT.md 3). */
export const MAX_PARTS = 250;
export const MAX_PART_BYTES = 4000 * 1024 ** 2;

/** A list is read in at most this many partitions (CONTRACT.md 2). */
export const MAX_PARTITIONS = 10;
/** Most labels, security categories and assets of one file (CONTRACT.md 3). */
export const MAX_LABELS = 10;
export const MAX_SECURITY_CATEGORIES = 100;
export const MAX_ASSET_IDS = 1000;
