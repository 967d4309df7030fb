import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { readableDataSets } from '../../../auth/authorise.ts';
import type { FileReader } from '../../../files/visible-files.ts';
import { goneSignal } from '../../gone-signal.ts';
import { answer } from '../describe-answers.ts';

/**
 * The caller of a request as a reader of files. Its signal aborts a search when the client closes its connection.
 *
 * @throws KonturError `forbidden` for a principal that may read no file
 */
export const fileReader = ({ principal }: FastifyRequest, reply: FastifyReply): FileReader => ({
  dataSetIds: readableDataSets(principal),
  subject: principal.subject,
  signal: goneSignal(reply),
});

/** Answer 429 of operations with a filter, for the description of the API. */
export const TOO_MANY_SEARCHES = {
  429: answer('Too many filters by place of this client wait. Retry after the given time.', Type.Ref('Error')),
};
