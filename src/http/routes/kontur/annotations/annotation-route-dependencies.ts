import type { AppDependencies } from '../../../app-dependencies.ts';
import type { NamedAnnotations } from './named-annotations.ts';

/** What the operations on annotations need. */
export interface AnnotationRouteDependencies extends Pick<AppDependencies, 'images' | 'jobs'> {
  named: NamedAnnotations;
}
