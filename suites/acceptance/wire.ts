/** Answers as the checks read them. Written apart from the server's own types, which are what is being checked. */

export interface FileAnswer {
  id: number;
  name: string;
  uploaded: boolean;
  createdTime: number;
  lastUpdatedTime: number;
  uploadedTime?: number;
  externalId?: string;
  instanceId?: InstanceId;
  uploadUrl: string;
}
export interface MultipartAnswer extends FileAnswer {
  uploadId: string;
  uploadUrls: string[];
}
export interface InstanceId {
  space: string;
  externalId: string;
}
export interface Items<T> {
  items: T[];
  nextCursor?: string;
}
export interface Point {
  x: number;
  y: number;
  label?: number;
}
export interface Segment {
  score: number;
  polygons: { vertices: Point[] }[];
}
export interface FileOfJob {
  fileId: number;
  fileExternalId?: string;
  fileInstanceId?: InstanceId;
}
export interface Prompt {
  points?: Point[];
  boundingBox?: { xMin: number; yMin: number; xMax: number; yMax: number };
}
interface JobState {
  jobId: number;
  status: string;
  createdTime: number;
  startTime: number | null;
  statusTime: number;
  errorMessage: string | null;
}
export interface CreatedJob extends JobState, Prompt {
  items: FileOfJob[];
}
export interface Job extends JobState {
  items: (FileOfJob & { segments: Segment[] })[];
  prompt: Prompt;
  failedItems: { errorMessage: string; items: FileOfJob[] }[];
}
export interface Instance {
  instanceType: string;
  space: string;
  externalId: string;
  version: number;
  wasModified?: boolean;
  createdTime: number;
  lastUpdatedTime: number;
  properties?: Record<string, Record<string, Record<string, unknown>>>;
}
export interface Space {
  space: string;
  name?: string;
  description?: string;
  createdTime: number;
  lastUpdatedTime: number;
  isGlobal: boolean;
}
export interface AnnotationAnswer {
  id: number;
  createdTime: number;
  lastUpdatedTime: number;
  annotatedResourceId: number;
  annotationType: string;
  creatingUser: string | null;
  status: string;
  data: Record<string, unknown>;
}
export interface ErrorAnswer {
  error: { code: number; message: string; missing?: object[]; duplicated?: object[] };
}
