// Saves a conversation as a page that is read without the app.
import { save } from '../part/save';
import { language, t } from '../texts';
import { askFile, attempt } from './ask';
import { toasts } from './toasts.svelte';

/** What the page says besides the messages: the core knows no language. */
const WORDS = [
  'exported',
  'times',
  'edited',
  'failed',
  'missing',
  'deleted',
  'unsupported',
  'location',
  'poll',
  'poll_closed',
  'file',
  'everybody',
  'group_created',
  'group_restored',
  'you_were_added',
  'you_were_removed',
  'added',
  'removed',
  'left',
  'disbanded',
  'renamed',
  'picture_changed',
  'picture_removed',
  'identity_revoked',
  'other',
] as const;

export async function exportChat(conversation: string): Promise<void> {
  const answer = await attempt(() =>
    askFile<{ file_name: string }>('export_chat', {
      conversation,
      words: Object.fromEntries(WORDS.map((name) => [name, t(`page-${name.replaceAll('_', '-')}`)])),
      language: language(),
      utc_offset_minutes: -new Date().getTimezoneOffset(),
    }),
  );
  if (answer?.file === undefined) return;
  save(answer.reply.file_name, answer.file);
  toasts.good(t('export-chat-done'));
}
