// @ts-check
// The page's URL. The part after `#` holds everything on screen, such as `#/run/<execution id>?at=17`: a link shows a
// colleague the same, and no id reaches the log of a server or a proxy.

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
 * The URL of a view, for links.
 * @param {string} view
 * @param {string} [id]
 * @param {Record<string, string|number|null|undefined> | URLSearchParams} [query] empty values are omitted
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

/** Navigates to another view, like a link. @param {string} view @param {string} [id] @param {any} [query] */
export function go(view, id = '', query = {}) {
  location.hash = href(view, id, query);
}

/**
 * Changes parameters of the current view without adding a history entry. Arrays repeat a name; null and '' remove it.
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

/** Calls a listener after each change of the URL. @param {(route: Route) => void} listener @returns {() => void} removes the listener */
export function onRoute(listener) {
  const changed = () => listener(currentRoute());
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
}
