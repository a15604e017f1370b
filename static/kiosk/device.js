// Who this device is: its key and its configuration, both kept on its disk.
import { keepCard, readCard } from './card.js';
import { call, isRevoked, messageOf } from './server.js';
import { newKeys, publicText } from './signing.js';

export class Device {
  /** @param {Settings} settings */
  constructor(settings) {
    this.settings = settings;
    /** @type {Config | null} */
    this.config = null;
    this.revoked = false;
  }

  /** Identity and configuration as they were when the device was last switched off. */
  async load() {
    this.config = (await this.settings.get('config'))?.data ?? null;
    this.revoked = Boolean(await this.settings.get('revoked'));
    const known = await this.current();
    if (!known) return this.restore();
    keepCard({ ...known, ...(this.config?.pin ? { pin: this.config.pin } : {}) });
    return known;
  }

  /** The database is new, but this device was paired before: it was emptied, and unsent answers went with it. Say so. */
  async restore() {
    const card = readCard();
    if (!card) return undefined;
    const { device, key, counter, pin } = card;
    await this.settings.put('emptied_at', new Date().toISOString());
    if (pin) await this.settings.put('pin', pin);
    await this.settings.put('device', { device, key, counter });
    return this.current();
  }

  /** When the database was found empty though the device was paired, until it is paired anew; else null.
   *  @returns {Promise<string | null>} */
  async emptiedAt() {
    return (await this.settings.get('emptied_at')) ?? null;
  }

  /** {device, key, counter}, or undefined while it is not paired. Read anew: another tab may have paired again.
   *  @returns {Promise<Identity | undefined>} */
  current() {
    return this.settings.get('device');
  }

  /** Redeem a code; the key is on the disk when this resolves. Throws an Error with the server's words.
   *  @param {string} code */
  async pair(code) {
    const before = await this.current();
    const body = { code, public_key: await this.publicKey(), ...(before ? { key: before.key } : {}) };
    const reply = await call('pair', { body, keys: await this.keys() });
    if (reply.status !== 200 || !reply.json?.key) throw new Error(messageOf(reply) ?? `${reply.status}`);
    const { device, key, counter, pin, now } = reply.json;
    await this.settings.put('device', { device, key, counter });
    keepCard({ device, key, counter });
    await this.settings.remove('config');
    await this.settings.remove('emptied_at');
    await this.accepted();
    this.config = null;
    return { counter, pin, now };
  }

  /** Ask the server in this device's name: with its key, and signed.
   *  @param {string} path @param {{ body?: object, headers?: Record<string, string>, timeout?: number }} request */
  async call(path, request = {}) {
    const known = await this.current();
    return call(path, { ...request, key: known?.key ?? null, keys: await this.keys() });
  }

  /** The keys that sign what this device sends, made once and kept; the private one never leaves this browser.
   *  @returns {Promise<CryptoKeyPair>} */
  async keys() {
    return (await this.settings.get('signing')) ?? this.settings.keepFirst('signing', await newKeys());
  }

  /** What the server checks signatures by. */
  async publicKey() {
    return publicText(await this.keys());
  }

  /** Fetch the configuration if it changed; true when there is a new one. It is taken over between citizens. */
  async refresh() {
    const device = await this.current();
    if (!device) return false;
    const known = await this.settings.get('config');
    /** @type {Record<string, string>} */
    const headers = known ? { 'If-None-Match': known.etag } : {};
    const reply = await this.call('config', { headers });
    if (isRevoked(reply)) await this.refused();
    if (reply.status !== 200 || !reply.json?.questionnaires) return false;
    await this.settings.put('config', { etag: reply.headers.get('ETag'), data: reply.json });
    if (reply.json.pin) keepCard({ pin: reply.json.pin });
    return true;
  }

  /** Whether the server has another configuration than this disk.
   *  @param {string} etag */
  async isOutdated(etag) {
    const known = await this.settings.get('config');
    return known?.etag !== `"${etag}"`;
  }

  /** Use the newest configuration on the disk from now on. */
  async adopt() {
    this.config = (await this.settings.get('config'))?.data ?? null;
  }

  /** The server does not know the key any more. */
  async refused() {
    if (this.revoked) return;
    this.revoked = true;
    await this.settings.put('revoked', true);
  }

  /** The server knows the key. */
  async accepted() {
    if (!this.revoked) return;
    this.revoked = false;
    await this.settings.remove('revoked');
  }
}
