// The PIN is checked on the device, so the menu opens with the server down. Guessing is slowed down, across restarts too.
import { keepCard } from '../card.js';

export const PIN_LENGTH = 6;
const FREE_TRIES = 5;
const WAIT_MS = 60_000;
const OWN_ITERATIONS = 100_000;

/** @typedef {{ count: number, at: number }} Tries */

export class PinCheck {
  /** @param {Settings} settings @param {Device} device */
  constructor(settings, device) {
    this.settings = settings;
    this.device = device;
    /** @type {Tries | null} */
    this.unsaved = null;
  }

  /** Keep a hash of the PIN just shown at pairing, for the time until the configuration brings the server's.
   *  @param {string} pin */
  async remember(pin) {
    const salt = hex(crypto.getRandomValues(new Uint8Array(16)));
    const check = { salt, iterations: OWN_ITERATIONS, hash: await hashOf(pin, salt, OWN_ITERATIONS) };
    keepCard({ pin: check });
    await this.settings.put('pin', check);
  }

  /** Seconds to wait before the next try; 0 when one may try. */
  async waitSeconds() {
    const { count, at } = await this.tries();
    return count < FREE_TRIES ? 0 : Math.max(0, Math.ceil((at + WAIT_MS - Date.now()) / 1000));
  }

  /** Whether this is the PIN.
   *  @param {string} pin */
  async isRight(pin) {
    const check = this.device.config?.pin ?? (await this.settings.get('pin'));
    const right = Boolean(check?.hash) && (await hashOf(pin, check.salt, check.iterations)) === check.hash;
    const { count } = await this.tries();
    await this.keepTries({ count: right ? 0 : count + 1, at: Date.now() });
    return right;
  }

  /** A full disk must not lock the staff out, nor let anyone guess on.
   *  @param {Tries} tries */
  async keepTries(tries) {
    this.unsaved = null;
    try {
      await this.settings.put('pin_tries', tries);
    } catch {
      this.unsaved = tries;
    }
  }

  /** @returns {Promise<Tries>} */
  async tries() {
    const tries = this.unsaved ?? (await this.settings.get('pin_tries')) ?? { count: 0, at: 0 };
    // A clock that was put back must not lock the staff out for years.
    return { ...tries, at: Math.min(tries.at, Date.now()) };
  }
}

/** @param {string} pin @param {string} salt @param {number} iterations */
async function hashOf(pin, salt, iterations) {
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveBits']);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt: bytes(salt), iterations };
  return hex(new Uint8Array(await crypto.subtle.deriveBits(how, key, 256)));
}

/** @param {Uint8Array} array */
function hex(array) {
  return [...array].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {string} text */
function bytes(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
