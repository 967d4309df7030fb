import { type DecoderStart, openDecoder } from './decoder.ts';
import { readImage } from './encoded-image.ts';
import { serveRequests } from './serve-requests.ts';

serveRequests((start: DecoderStart) => openDecoder(start, readImage));
