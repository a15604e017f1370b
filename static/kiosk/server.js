// Talks to the server. A reply counts only if it is JSON: a captive portal's page is no word of ours.
import { signatureHeaders } from './signing.js';

const TIMEOUT_MS = 30_000;

/** By how much the server's clock is ahead of ours (ms): it takes a signature only if it was made just now. */
let ahead = 0;

/** Send a request; gives {status, json, headers}, with json null when the reply is none. Throws when there is no reply.
 *  `key` says which device this is, `keys` sign in its name.
 *  @param {string} path @param {Request} options
 *  @returns {Promise<Reply>} */
export async function call(path, options = {}) {
  const reply = await send(`/kiosk/api/${path}`, options);
  if (reply.status !== 401 || reply.json?.error?.reason !== 'time') return reply;
  ahead = Date.parse(reply.json.now) - Date.now();
  return send(`/kiosk/api/${path}`, options);
}

/** @typedef {{ key?: string | null, keys?: CryptoKeyPair | null, body?: object | null, headers?: Record<string, string>,
 *    timeout?: number }} Request */

/** @param {string} path @param {Request} options @returns {Promise<Reply>} */
async function send(path, { key = null, keys = null, body = null, headers = {}, timeout = TIMEOUT_MS }) {
  const method = body === null ? 'GET' : 'POST';
  const content = body === null ? null : JSON.stringify(body);
  const reply = await fetch(path, {
    method,
    body: content,
    headers: {
      ...(content === null ? {} : { 'Content-Type': 'application/json' }),
      ...(key === null ? {} : { Authorization: `Bearer ${key}` }),
      ...(keys === null ? {} : await signatureHeaders(keys, { method, path, body: content, at: Date.now() + ahead })),
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

/** Whether the server does not know this device's key any more. A signature alone that it does not take says only that
 *  the keys went with an emptied database: the device goes on collecting, and sends once it is paired anew.
 *  @param {Reply} reply */
export function isRevoked(reply) {
  return reply.status === 401 && reply.json?.error?.reason !== 'signature';
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
