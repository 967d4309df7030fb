import { Type } from 'typebox';
import { answer } from '../describe-answers.ts';

/** Refusal 409 of operations on labels, for the description of the API. */
export const LABELS_TWICE = {
  409: answer('A label has the externalId already, or the request names one twice.', Type.Ref('Error')),
};
