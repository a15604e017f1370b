// New versions of the shell: fetched whole by the service worker, taken over only between citizens.

const LOOK_EVERY_MS = 10 * 60_000;

export class Updates {
  /** `ready` is called when a new version waits; answer it with `takeOver()` once nobody is in the middle of something.
   *  `version` is the one this page runs.
   *  @param {{ ready: Act, reload: Act, troubles: Troubles, version: string }} parts */
  constructor({ ready, reload, troubles, version }) {
    this.ready = ready;
    this.reload = reload;
    this.troubles = troubles;
    this.version = version;
    /** @type {ServiceWorkerRegistration | null} */
    this.registration = null;
    this.isOtherVersionInCharge = false;
  }

  async start() {
    navigator.serviceWorker.addEventListener('controllerchange', () => this.compare());
    setInterval(() => this.look(), LOOK_EVERY_MS);
    addEventListener('online', () => this.look());
    await this.look();
  }

  /** Ask the server for a new version. */
  async look() {
    try {
      this.registration ??= await this.register();
    } catch (problem) {
      this.troubles.note(problem);
      return;
    }
    try {
      await this.registration.update();
    } catch {
      // no network, or a server that is being changed just now: the present version goes on
    }
    if (this.registration.waiting) this.ready(); // its news may have come while nobody listened
  }

  async register() {
    const container = navigator.serviceWorker;
    const registration = await container.register('/kiosk/sw.js', { scope: '/kiosk/', updateViaCache: 'none' });
    registration.addEventListener('updatefound', () => this.follow(registration.installing));
    container.ready.then(({ active }) => {
      // A page that was loading at the very moment of the worker's start, or past it, belongs to no worker yet.
      if (container.controller === null) active?.postMessage('take charge');
    });
    return registration;
  }

  /** @param {ServiceWorker | null} worker */
  follow(worker) {
    worker?.addEventListener('statechange', () => worker.state === 'installed' && this.ready());
  }

  /** Another worker is in charge. Each keeps the files of its own version only: if ours are gone, it is a new version. */
  async compare() {
    const worker = navigator.serviceWorker.controller;
    if (worker?.state === 'activating') { // it has not tidied up yet
      await new Promise((resolve) => { worker.addEventListener('statechange', resolve, { once: true }); });
    }
    this.isOtherVersionInCharge = !(await caches.has(`kiosk-shell-${this.version}`));
    this.ready();
  }

  /** Start the new version if there is one. Call it between citizens only. */
  takeOver() {
    if (this.isOtherVersionInCharge) this.reload();
    else if (navigator.serviceWorker.controller) this.registration?.waiting?.postMessage('take over');
  }
}
