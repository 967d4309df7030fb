import { serveCalls } from '../processes/serve-calls.ts';
import { type DecoderCalls, openDecoder } from './decoder.ts';
import { readImage } from './encoded-image.ts';
import type { EngineSettings } from './engine-settings.ts';

serveCalls<DecoderCalls, EngineSettings>((settings) => openDecoder(settings, readImage));
