import { serveRequests } from '../processes/serve-requests.ts';
import { type DecoderStart, openDecoder } from './decoder.ts';
import { readImage } from './encoded-image.ts';

serveRequests((start: DecoderStart) => openDecoder(start, readImage));
