// What went wrong lately, for the staff's screen and the desk. Kept in memory: a full disk must not hide its own news.

const KEPT = 20;

/** What a problem says of itself, whatever was thrown.
 *  @param {any} problem */
export function wordsOf(problem) {
  return problem?.name ? `${problem.name}: ${problem.message}` : String(problem);
}

export class Troubles {
  constructor() {
    /** @type {Trouble[]} */
    this.list = [];
    /** @type {string | null} */
    this.diskRefusedAt = null; // since when the disk has taken no answer
    addEventListener('error', (event) => this.note(event.error ?? event.message));
    addEventListener('unhandledrejection', (event) => this.note(event.reason));
  }

  /** The disk refused to write: answers pass only while there is a network.
   *  @param {unknown} problem */
  noteDisk(problem) {
    this.diskRefusedAt ??= new Date().toISOString();
    this.note(problem);
  }

  /** Remember a problem; the same one again only moves to the end.
   *  @param {unknown} problem */
  note(problem) {
    const message = wordsOf(problem);
    this.list = this.list.filter((known) => known.message !== message);
    this.list.push({ at: new Date().toISOString(), message: message.slice(0, 300) });
    this.list = this.list.slice(-KEPT);
  }
}
