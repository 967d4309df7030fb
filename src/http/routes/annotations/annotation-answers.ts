import { Type } from 'typebox';
import { answer } from '../describe-answers.ts';

const error = Type.Ref('Error');

/** Answer of operations that give annotations back, in the order of the request. */
export const annotationItems = (description: string) =>
  answer(description, Type.Object({ items: Type.Array(Type.Ref('Annotation'), { description: 'The annotations.' }) }));

/** Refusal 404 of operations on annotations, for the description of the API. */
export const UNKNOWN_ANNOTATIONS = {
  404: answer('There are no such annotations that the caller may read; missing lists them.', error),
};

/** Refusal 409 of operations on annotations, for the description of the API. */
export const ANNOTATIONS_TWICE = { 409: answer('The request names an annotation twice.', error) };
