import { ensureBuilt } from './ensure-ready.mjs';

ensureBuilt();
