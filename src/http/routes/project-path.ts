import { type TSchema, Type } from 'typebox';

/** Path prefix of the operations of a project. */
export const PROJECT_PATH = '/api/v1/projects/:project';

const project = Type.String({ minLength: 1, description: 'Name of the project.' });

/** Schema of the path parameters of an operation: the project, and `more`. */
export const projectParams = (more: Record<string, TSchema> = {}) => Type.Object({ project, ...more });
