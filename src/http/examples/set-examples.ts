import { EXAMPLE_ANNOTATION_ID, EXAMPLE_FILE_ID } from './example-ids.ts';

const LINE = '"MULTIPOLYGON (((0.25 0.25, 0.75 0.25, 0.5 0.75, 0.25 0.25)))",false,my-app,,me,';

/** What an export answers, by media type; a zip has an example of its own. */
export const SET_EXAMPLES: Record<string, unknown> = {
  'application/json': {
    info: { description: 'Annotations of Kontur' },
    licenses: [],
    categories: [{ id: 1, name: 'boat', supercategory: 'object' }],
    annotations: [
      {
        id: EXAMPLE_ANNOTATION_ID,
        image_id: EXAMPLE_FILE_ID,
        category_id: 1,
        iscrowd: 0,
        segmentation: [[100, 75, 300, 75, 200, 225]],
        area: 15000,
        bbox: [100, 75, 200, 150],
        score: 0.93,
        kontur: {
          status: 'approved',
          byHand: false,
          creatingApp: 'my-app',
          creatingUser: 'me',
          rings: [[[0.25, 0.25, 0.75, 0.25, 0.5, 0.75]]],
        },
      },
    ],
    images: [
      { id: EXAMPLE_FILE_ID, file_name: 'boats.jpg', width: 400, height: 300, kontur: { externalId: 'boats-1' } },
    ],
    left_out: { count: 0, annotations: [] },
  },
  'text/csv': `annotationId,fileId,fileExternalId,fileName,annotationType,label,status,score,xMin,yMin,xMax,yMax,area,outline,byHand,creatingApp,creatingUser,createdBy,createdTime,updatedBy,lastUpdatedTime\r\n${EXAMPLE_ANNOTATION_ID},${EXAMPLE_FILE_ID},boats-1,boats.jpg,images.ObjectDetection,boat,approved,0.93,0.25,0.25,0.75,0.75,0.125,${LINE}2026-05-01T08:00:00.000Z,me,2026-05-01T08:00:00.000Z\r\n`,
};
