// What a parameter of the organisation is for, in words.
import { has, t } from '../texts';

/** A sentence, or nothing where there is none. */
export function purpose(parameter: string): string {
  const id = `purpose-${parameter.replaceAll('_', '-')}`;
  return has(id) ? t(id) : '';
}

/** Why something that a parameter forbids is locked; nothing if no parameter does. */
export const whyLocked = (parameter: string): string =>
  parameter === '' ? '' : `${t('set-by-organisation')} ${purpose(parameter)}`.trim();
