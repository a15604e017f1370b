// Once a minute the device says how it is, and hears whether there is something new for it.
import { isRevoked, messageOf } from './server.js';

const EVERY_MS = 60_000;
const REFUSED_SHOWN = 50;

/** @typedef {{ device: Device, queue: Queue, clock: Clock, troubles: Troubles, version: string, onConfig: Act }} Parts */

export class Heartbeat {
  /** @param {Parts} parts */
  constructor({ device, queue, clock, troubles, version, onConfig }) {
    this.device = device;
    this.queue = queue;
    this.clock = clock;
    this.troubles = troubles;
    this.version = version;
    this.onConfig = onConfig;
    /** @type {number | undefined} */
    this.timer = undefined;
    /** @type {number | null} */
    this.lastContact = null;
    this.isWell = false;
    addEventListener('online', () => this.timer !== undefined && this.beat());
  }

  start() {
    this.beat();
  }

  async beat() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.beat(), EVERY_MS * (0.8 + Math.random() * 0.4));
    try {
      await this.report();
    } catch (problem) {
      this.isWell = false;
      this.troubles.note(problem);
    }
  }

  async report() {
    if (!(await this.device.current())) return;
    await this.clock.look();
    const body = await this.status();
    const began = performance.now();
    const reply = await this.device.call('status', { body });
    if (isRevoked(reply)) {
      await this.device.refused();
      this.onConfig();
      return;
    }
    if (reply.status !== 200 || !reply.json?.now) throw new Error(`status: ${reply.status} ${messageOf(reply) ?? ''}`.trim());
    const wasRevoked = this.device.revoked;
    await this.device.accepted();
    await this.clock.heard(reply.json.now, performance.now() - began);
    this.lastContact = Date.now();
    this.isWell = true;
    if (wasRevoked || (await this.device.isOutdated(reply.json.config))) {
      if (await this.device.refresh()) this.onConfig();
    }
  }

  /** What the desk shows of this device. */
  async status() {
    const [oldest, refused, storage, battery] = await Promise.all([
      this.queue.oldest(), this.queue.refused(), storageState(), batteryState(),
    ]);
    return {
      sent_at: new Date().toISOString(),
      counter: this.device.config?.counter ?? null,
      version: this.version,
      public_key: await this.device.publicKey(),
      queue: await this.queue.count(),
      oldest: oldest?.answer.answered_at ?? null,
      refused_count: refused.length,
      refused: refused.slice(0, REFUSED_SHOWN).map(({ status, problem, answer }) =>
        ({ status, problem: problem ?? '', answered_at: answer.answered_at })),
      errors: this.troubles.list,
      emptied_at: await this.device.emptiedAt(),
      disk_refused_at: this.troubles.diskRefusedAt,
      ...storage,
      ...battery,
    };
  }
}

/** Bytes used and allowed, and whether the browser promised not to clear them.
 *  @returns {Promise<StorageState>} */
export async function storageState() {
  const estimate = await navigator.storage?.estimate?.();
  const persisted = await navigator.storage?.persisted?.();
  return {
    ...(estimate ? { storage_used: estimate.usage, storage_quota: estimate.quota } : {}),
    ...(persisted === undefined ? {} : { persisted }),
  };
}

async function batteryState() {
  const battery = await navigator.getBattery?.();
  return battery ? { battery: battery.level, charging: battery.charging } : {};
}
