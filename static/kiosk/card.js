// Who this device is, kept a second time outside IndexedDB: a kiosk whose database is gone can still tell the desk so,
// and its staff can still open their menu. Same origin, same disk, same readers: no weaker than the first copy.

const NAME = 'hai-long-kiosk';

/** {device, key, counter, pin}, or null when there is none or nothing can be read.
 *  @returns {Card | null} */
export function readCard() {
  try {
    const card = JSON.parse(localStorage.getItem(NAME) ?? 'null');
    return typeof card?.key === 'string' ? card : null;
  } catch {
    return null; // storage is forbidden, or holds something else
  }
}

/** Change some fields. A store that refuses is no reason to stop: this is only the second copy.
 *  @param {Partial<Card>} changes */
export function keepCard(changes) {
  try {
    localStorage.setItem(NAME, JSON.stringify({ ...readCard(), ...changes }));
  } catch {
    return;
  }
}
