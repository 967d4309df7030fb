import { createParser } from 'eventsource-parser';
import type { Api } from '../api/create-api.ts';

/** A change of a job's state, as the server tells it. */
export interface JobEvent {
  jobId: number;
  fileId: number;
  status: 'Queued' | 'Running' | 'Completed' | 'Failed';
  statusTime: number;
}

/** Time before connecting again after a stream has ended or could not be opened. */
const AGAIN_MS = 2000;

/**
 * Follows the changes of all jobs of the project by server-sent events, until the signal is aborted. `EventSource` of
 * browsers cannot send the token, so the stream is read from a request.
 */
export async function followJobs(api: Api, told: (event: JobEvent) => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const response = await api.fetch('kontur/segment/events', { signal });
      const parser = createParser({ onEvent: ({ data }) => told(JSON.parse(data) as JobEvent) });
      const text = response.body?.pipeThrough(new TextDecoderStream());
      if (text !== undefined) for await (const part of text) parser.feed(part);
    } catch {
      // Told by the notice of the frame if the server is away; the list can be read again at any time.
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}
