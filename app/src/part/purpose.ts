// What a parameter of the organisation is for, in words.
import { has, t } from '../texts';

/** A sentence, or nothing where there is none. */
export function purpose(parameter: string): string {
  const id = `purpose-${parameter.replaceAll('_', '-')}`;
  return has(id) ? t(id) : '';
}
