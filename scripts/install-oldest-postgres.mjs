import path from 'node:path';
import { ensureInstalled } from './ensure-ready.mjs';

ensureInstalled(path.join('testing', 'postgres-13'));
