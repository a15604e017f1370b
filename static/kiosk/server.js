// Talks to the server. A reply counts only if it is JSON: a captive portal's page is no word of ours.

const TIMEOUT_MS = 30_000;

/** Send a request; gives {status, json, headers}, with json null when the reply is none. Throws when there is no reply.
 *  @param {string} path
 *  @param {{ key?: string | null, body?: object | null, headers?: Record<string, string>, timeout?: number }} options
 *  @returns {Promise<Reply>} */
export async function call(path, { key = null, body = null, headers = {}, timeout = TIMEOUT_MS } = {}) {
  const reply = await fetch(`/kiosk/api/${path}`, {
    method: body === null ? 'GET' : 'POST',
    body: body === null ? null : JSON.stringify(body),
    headers: {
      ...(body === null ? {} : { 'Content-Type': 'application/json' }),
      ...(key === null ? {} : { Authorization: `Bearer ${key}` }),
      ...headers,
    },
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error',
    signal: AbortSignal.timeout(timeout),
  });
  const text = await reply.text();
  return { status: reply.status, json: parsed(text), headers: reply.headers };
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The server's own message in an error reply, if it gave one.
 *  @param {Reply} reply @returns {string | null} */
export function messageOf(reply) {
  return reply.json?.error?.message ?? null;
}
