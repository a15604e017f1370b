// This browser lacks something without which answers could be lost: nobody is asked anything, and the desk is told why.
import { readCard } from './card.js';
import { openDatabase } from './database.js';
import { missingParts } from './environment.js';
import { missingScreen } from './screens/missing.js';
import { call, messageOf } from './server.js';
import { Troubles, wordsOf } from './troubles.js';
import { Updates } from './updates.js';

const EVERY_MS = 60_000;

/** What is missing: {parts: [names of texts], detail}, with the database opened if all is there.
 *  @param {() => void} [onLost]
 *  @returns {Promise<Lack & { database: Disk | null }>} */
export async function lookAround(onLost) {
  const parts = missingParts();
  if (parts.length > 0) return { parts, detail: null, database: null };
  try {
    return { parts, detail: null, database: await openDatabase(onLost) };
  } catch (error) {
    return { parts: ['missing_database'], detail: wordsOf(error), database: null };
  }
}

/** Say what is missing, here and at the desk, until it is back. A device that was never paired can name a code instead.
 *  @param {{ view: View, found: Lack, version: string }} parts */
export function standBy({ view, found, version }) {
  const card = readCard();
  const canTell = card === null && globalThis.isSecureContext; // a code is not typed over plain HTTP
  view.show(missingScreen({ ...found, isPaired: card !== null, tell: canTell ? (code) => tellOfCode(code, found) : null }));
  const report = () => card && tellOfState(card, found, version).catch(() => {}); // no network: the next one will tell
  addEventListener('online', report);
  setInterval(async () => {
    const { parts } = await lookAround();
    if (parts.length === 0) view.reload();
    else report();
  }, EVERY_MS);
  report();
  if ('serviceWorker' in navigator) keepUpToDate(view, version);
}

/** What is missing may be a mistake of this version's own. Nobody is in the middle of anything: the next takes over at once.
 *  @param {View} view @param {string} version */
function keepUpToDate(view, version) {
  /** @type {Updates} */
  const updates = new Updates({ version, troubles: new Troubles(), ready: () => updates.takeOver(), reload: () => view.reload() });
  updates.start();
}

/** @param {Card} card @param {Lack} found @param {string} version */
function tellOfState(card, { parts, detail }, version) {
  const now = new Date().toISOString();
  const errors = detail === null ? [] : [{ at: now, message: detail }];
  return call('status', { key: card.key, body: { sent_at: now, counter: card.counter, version, missing: parts, errors } });
}

/** The desk gave out a code for this device: let it learn why the code was not used. Resolves to the server's words.
 *  @param {string} code @param {Lack} found @returns {Promise<string>} */
async function tellOfCode(code, { parts }) {
  const reply = await call('pair', { body: { code, missing: parts } });
  if (reply.status !== 200 || !reply.json?.noted) throw new Error(messageOf(reply) ?? `${reply.status}`);
  return reply.json.noted;
}
