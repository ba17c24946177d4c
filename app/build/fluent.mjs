// One message of a Fluent file, for what is built before the app runs.
import { FluentBundle, FluentResource } from '@fluent/bundle';

/** The value and the attributes of a message without variables. */
export function message(source, id) {
  const bundle = new FluentBundle('en', { useIsolating: false });
  bundle.addResource(new FluentResource(source));
  const found = bundle.getMessage(id);
  if (found?.value == null) throw new Error(`locales: there is no ${id}`);
  const attributes = Object.entries(found.attributes);
  return {
    title: bundle.formatPattern(found.value),
    ...Object.fromEntries(attributes.map(([name, pattern]) => [name, bundle.formatPattern(pattern)])),
  };
}
