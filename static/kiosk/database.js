// The device's own disk: settings, the queue of unsent answers, and answers the server refused.
import { openDB } from '../vendor/idb/index.js';

const NAME = 'hai-long-kiosk';
const VERSION = 1;
/** What is known of the clock in each session is a setting whose name begins so. */
export const CLOCKS = 'clock:';
// The browser confirms a write only once it is on the disk, not merely in its memory.
const DURABLE = /** @type {const} */ ({ durability: 'strict' });

/** Open the database; `onLost` is called when another version needs it or the browser took it away.
 *  @param {() => void} onLost */
export function openDatabase(onLost = () => {}) {
  return openDB(NAME, VERSION, {
    /** @param {Disk} database */
    upgrade(database) {
      database.createObjectStore('settings');
      const queue = database.createObjectStore('queue', { keyPath: 'seq', autoIncrement: true });
      queue.createIndex('id', 'id', { unique: true });
      database.createObjectStore('refused', { keyPath: 'id' });
    },
    blocking: onLost,
    terminated: onLost,
  });
}

/** Named values that must survive a power cut: the key, the configuration, what is known of the clock. */
export class Settings {
  /** @param {Disk} database */
  constructor(database) {
    this.database = database;
  }

  /** @param {string} name */
  get(name) {
    return this.database.get('settings', name);
  }

  /** @param {string} name @param {unknown} value */
  async put(name, value) {
    const write = this.database.transaction('settings', 'readwrite', DURABLE);
    write.store.put(value, name);
    await write.done;
  }

  /** Keep a value unless there is one, perhaps another tab's; gives what is kept.
   *  @template Value
   *  @param {string} name @param {Value} value @returns {Promise<Value>} */
  async keepFirst(name, value) {
    const write = this.database.transaction('settings', 'readwrite', DURABLE);
    const known = await write.store.get(name);
    if (known === undefined) write.store.put(value, name);
    await write.done;
    return known ?? value;
  }

  /** @param {string} name */
  async remove(name) {
    const write = this.database.transaction('settings', 'readwrite', DURABLE);
    write.store.delete(name);
    await write.done;
  }
}

/** Answers that are on this disk and not yet known to be on the server's. Oldest first. */
export class Queue {
  /** @param {Disk} database */
  constructor(database) {
    this.database = database;
  }

  /** Keep an answer, and with it what is known of the clock that dated it (`Clock.reading`): both or neither.
   *  Resolves once they are on the disk. The same id again changes nothing.
   *  @param {Answer} answer @param {ReturnType<Clock['reading']>} reading */
  async add(answer, { name, segment, segments }) {
    const write = this.database.transaction(['queue', 'settings'], 'readwrite', DURABLE);
    const queue = write.objectStore('queue');
    write.objectStore('settings').put(segments, name);
    const known = await queue.index('id').getKey(answer.id);
    if (known === undefined) queue.add({ id: answer.id, segment, answer });
    await write.done;
  }

  /** Forget the clocks of earlier sessions that dated no answer kept here. One transaction, so that nothing another tab
   *  keeps at this moment loses its clock.
   *  @param {string} present */
  async pruneClocks(present) {
    const write = this.database.transaction(['queue', 'refused', 'settings'], 'readwrite', DURABLE);
    const records = [...(await write.objectStore('queue').getAll()), ...(await write.objectStore('refused').getAll())];
    const needed = new Set([present, ...records.map(({ segment }) => segment.split('/')[0])]);
    const settings = write.objectStore('settings');
    for (const name of await settings.getAllKeys(IDBKeyRange.bound(CLOCKS, `${CLOCKS}\uffff`))) {
      if (!needed.has(name)) settings.delete(name);
    }
    await write.done;
  }

  /** @param {number} limit @returns {Promise<Waiting[]>} */
  first(limit) {
    return this.database.getAll('queue', null, limit);
  }

  /** @returns {Promise<Waiting[]>} */
  all() {
    return this.database.getAll('queue');
  }

  count() {
    return this.database.count('queue');
  }

  async oldest() {
    const [record] = await this.first(1);
    return record ?? null;
  }

  /** One transaction: forget what the server has, set apart what it refused ([{record, status, problem}]).
   *  @param {Waiting[]} stored @param {Refusal[]} refused */
  async settle(stored, refused) {
    const write = this.database.transaction(['queue', 'refused'], 'readwrite', DURABLE);
    for (const record of stored) write.objectStore('queue').delete(record.seq);
    for (const { record, status, problem } of refused) {
      write.objectStore('refused').put({ ...record, status, problem });
      write.objectStore('queue').delete(record.seq);
    }
    await write.done;
  }

  /** @returns {Promise<Refused[]>} */
  refused() {
    return this.database.getAll('refused');
  }

  refusedCount() {
    return this.database.count('refused');
  }

  /** Put refused answers back into the queue, to be judged again. */
  async retryRefused() {
    const write = this.database.transaction(['queue', 'refused'], 'readwrite', DURABLE);
    const queue = write.objectStore('queue');
    for (const { id, segment, answer } of await write.objectStore('refused').getAll()) {
      if ((await queue.index('id').getKey(id)) === undefined) queue.add({ id, segment, answer });
      write.objectStore('refused').delete(id);
    }
    await write.done;
  }
}
