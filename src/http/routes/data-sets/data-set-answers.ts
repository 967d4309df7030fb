import { Type } from 'typebox';
import { answer } from '../describe-answers.ts';

/** Refusal 409 of operations on data sets, for the description of the API. */
export const DATA_SETS_TWICE = {
  409: answer('Another data set has the externalId, or the request names one twice.', Type.Ref('Error')),
};
