interface Example {
  createdTime: number;
  data: Record<string, unknown>;
}

/** Successful answers of this server's own operations on annotations, about these two. */
export function namedAnnotationExamples(annotation: Example, suggestion: Example): Record<string, unknown> {
  const { polygon } = annotation.data;
  const { vertices } = polygon as { vertices: object[] };
  const created = annotation.createdTime - 900;
  const maker = { createdBy: 'kontur-development', updatedBy: 'kontur-development', fileName: 'boats.jpg' };
  const outline = [[vertices]];
  const named = { ...annotation, label: 'boat', rings: outline, byHand: false, ...maker };
  const object = { ...named, creatingApp: 'kontur', creatingAppVersion: '0.4.0', creatingUser: 'kontur-development' };
  const restored = { ...suggestion, label: 'buoy', byHand: false, ...maker, lastUpdatedTime: created + 980 };
  const step = { by: 'kontur-development', change: 'created', label: 'boat', isOutlineChanged: true };
  return {
    createObjects: { items: [{ ...object, data: { label: 'boat', polygon: { vertices } }, byHand: true }] },
    changeObjects: {
      items: [
        {
          ...named,
          label: 'ferry',
          data: { ...annotation.data, label: 'ferry' },
          lastUpdatedTime: created + 940,
        },
      ],
    },
    saveSegment: { ...object, status: 'suggested' },
    restoreAnnotations: { items: [restored] },
    listNamedAnnotations: { items: [restored] },
    readAnnotationHistory: { items: [{ ...step, time: created + 900, status: 'approved' }] },
    countAnnotations: {
      labels: [{ label: 'boat', count: 2 }],
      statuses: [{ status: 'approved', count: 2 }],
      users: [{ user: 'ann@harbour.example', count: 2 }],
    },
    eraseChoices: { erased: 2 },
  };
}
