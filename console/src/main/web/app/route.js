// @ts-check
// The page's address. Everything on screen is in the part after `#`, so that a link shows the same to a
// colleague, and no id reaches a server's or a proxy's log: `#/run/<execution id>?at=17`.

/** @typedef {{view: string, id: string, query: URLSearchParams}} Route */

const DEFAULT_VIEW = 'runs';

/** @returns {Route} */
export function currentRoute() {
  const [path, query = ''] = split(location.hash.replace(/^#\/?/, ''), '?');
  const [view, id = ''] = split(path, '/');
  return {view: view || DEFAULT_VIEW, id: decoded(id), query: new URLSearchParams(query)};
}

/** @param {string} text @param {string} separator @returns {string[]} */
function split(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The address of a view, for links.
 * @param {string} view
 * @param {string} [id]
 * @param {Record<string, string|number|null|undefined> | URLSearchParams} [query] empty values are left out
 */
export function href(view, id = '', query = {}) {
  const params = query instanceof URLSearchParams ? query : new URLSearchParams();
  if (!(query instanceof URLSearchParams)) {
    for (const [name, value] of Object.entries(query)) {
      if (value !== null && value !== undefined && value !== '') {
        params.append(name, String(value));
      }
    }
  }
  const text = params.toString();
  return `#/${view}${id ? `/${encodeURIComponent(id)}` : ''}${text ? `?${text}` : ''}`;
}

/** Goes to another view, as if a link had been followed. @param {string} view @param {string} [id] @param {any} [query] */
export function go(view, id = '', query = {}) {
  location.hash = href(view, id, query);
}

/**
 * Changes parts of the present view's query without adding to the history. Arrays repeat a name; null and ''
 * remove it.
 * @param {Record<string, string|number|string[]|null|undefined>} changes
 */
export function setQuery(changes) {
  const {view, id, query} = currentRoute();
  for (const [name, value] of Object.entries(changes)) {
    query.delete(name);
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== '') {
        query.append(name, String(one));
      }
    }
  }
  history.replaceState(null, '', href(view, id, query));
  window.dispatchEvent(new Event('hashchange'));
}

/** Calls back whenever the address has changed. @param {(route: Route) => void} listener @returns {() => void} stops it */
export function onRoute(listener) {
  const changed = () => listener(currentRoute());
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
}
