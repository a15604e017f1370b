// The staff's menu: PIN, status, send now, export, pair again, leave. Everything but sending works without a server.
import { storageState } from '../heartbeat.js';
import { IdleWatch } from '../idle.js';
import { pairedScreen, pairScreen } from '../screens/pairing.js';
import { leftScreen, menuScreen, pinScreen, refusedScreen, staffText } from '../screens/staff.js';
import { download, queueFile } from './export.js';
import { PIN_LENGTH } from './pin.js';

const STAY_OPEN_S = 120;

export class StaffMenu {
  /** @param {{ view: View, kiosk: Kiosk, device: Device, queue: Queue, clock: Clock, sender: Sender, heartbeat: Heartbeat,
   *    troubles: Troubles, pin: PinCheck, version: string }} parts */
  constructor({ view, kiosk, device, queue, clock, sender, heartbeat, troubles, pin, version }) {
    this.view = view;
    this.kiosk = kiosk;
    this.device = device;
    this.queue = queue;
    this.clock = clock;
    this.sender = sender;
    this.heartbeat = heartbeat;
    this.troubles = troubles;
    this.pin = pin;
    this.version = version;
    this.isOpen = false;
    this.idle = new IdleWatch({
      after: STAY_OPEN_S,
      show: (seconds) => this.view.showCountdown(seconds === null ? null : staffText('countdown', { n: seconds })),
      leave: () => this.close(),
    });
  }

  /** Ask for the PIN. What a citizen was doing is kept first, as if they had walked away. */
  async open() {
    if (this.isOpen) return;
    this.isOpen = true;
    await this.kiosk.pause();
    this.idle.restart();
    this.askPin('');
  }

  async close() {
    this.idle.stop();
    this.isOpen = false;
    await this.kiosk.start();
  }

  /** @param {string} typed @param {string | null} problem */
  async askPin(typed, problem = null) {
    this.view.show(pinScreen({
      typed,
      length: PIN_LENGTH,
      problem,
      press: (digit) => this.typePin(typed + digit),
      erase: () => this.askPin(typed.slice(0, -1)),
      close: () => this.close(),
    }));
  }

  /** @param {string} typed */
  async typePin(typed) {
    if (typed.length < PIN_LENGTH) {
      this.askPin(typed);
      return;
    }
    const wait = await this.pin.waitSeconds();
    if (wait > 0) this.askPin('', staffText('pin_wait', { n: wait }));
    else if (await this.pin.isRight(typed)) await this.show();
    else this.askPin('', staffText('pin_wrong'));
  }

  /** @param {string | null} note */
  async show(note = null) {
    const known = await this.device.current();
    this.view.show(menuScreen({ note, status: await this.status(), actions: {
      close: () => this.close(),
      send: () => this.sendNow(),
      export: () => this.export(known),
      refused: () => this.showRefused(),
      pair: () => this.pairAgain(),
      fullscreen: () => this.toggleFullscreen(),
      leave: () => this.leave(),
    } }));
  }

  /** @returns {Promise<Status>} */
  async status() {
    const [waiting, oldest, refused, storage, emptiedAt] = await Promise.all([
      this.queue.count(), this.queue.oldest(), this.queue.refusedCount(), storageState(), this.device.emptiedAt(),
    ]);
    return {
      emptiedAt,
      diskRefusedAt: this.troubles.diskRefusedAt,
      waiting,
      refused,
      oldest: oldest?.answer.answered_at ?? null,
      place: this.device.config ? `${this.device.config.counter_name} (${this.device.config.counter})` : null,
      isRevoked: this.device.revoked,
      lastContact: this.heartbeat.lastContact ?? this.clock.floor,
      isOnline: this.heartbeat.isWell,
      skew: this.clock.skew,
      version: this.version,
      storage,
      troubles: this.troubles.list,
      isFullscreen: document.fullscreenElement !== null,
    };
  }

  async sendNow() {
    await this.sender.retryNow();
    await this.heartbeat.beat();
    await this.show();
  }

  /** @param {Identity | undefined} known */
  async export(known) {
    if (!known) throw new Error('export: not paired');
    const now = new Date().toISOString().slice(0, 16).replace(/[-:]/g, '').replace('T', '-');
    download(await queueFile(this), `hai-long-${known.counter}-${now}.json`);
    await this.show(staffText('exported'));
  }

  async showRefused() {
    this.view.show(refusedScreen({
      records: await this.queue.refused(),
      back: () => this.show(),
      retry: async () => {
        await this.queue.retryRefused();
        await this.sendNow();
      },
    }));
  }

  /** Unsent answers stay on the disk: the server knows the device by its old key and takes them all the same. */
  pairAgain() {
    this.view.show(pairScreen({
      cancel: () => this.show(),
      pair: async (code) => {
        const paired = await this.device.pair(code);
        await this.pin.remember(paired.pin);
        return paired;
      },
      paired: ({ counter, pin }) => {
        this.idle.stop();
        this.view.show(pairedScreen({ counter, pin, go: async () => {
          await this.heartbeat.beat();
          await this.sender.retryNow();
          await this.close();
        } }));
      },
    }));
  }

  async toggleFullscreen() {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await document.documentElement.requestFullscreen();
    await this.show();
  }

  /** Out of the kiosk, into the machine: answers stay on the disk and go on being sent while the page is open. */
  async leave() {
    this.idle.stop();
    if (document.fullscreenElement) await document.exitFullscreen();
    this.view.show(leftScreen({ waiting: await this.queue.count(), again: () => this.close() }));
  }
}
