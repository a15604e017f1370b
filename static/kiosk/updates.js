// New versions of the shell: fetched whole by the service worker, taken over only between citizens.

const LOOK_EVERY_MS = 10 * 60_000;

export class Updates {
  /** `ready` is called when a new version waits; answer it with `takeOver()` once nobody is in the middle of something. */
  constructor({ ready, reload, troubles }) {
    Object.assign(this, { ready, reload, troubles });
    this.registration = null;
    this.isNewVersionInCharge = false;
  }

  async start() {
    const container = navigator.serviceWorker;
    const wasControlled = container.controller !== null;
    container.addEventListener('controllerchange', () => {
      // The very first worker takes charge of the page it came with; that is no new version.
      this.isNewVersionInCharge = wasControlled || this.isNewVersionInCharge;
      this.ready();
    });
    try {
      this.registration = await container.register('/kiosk/sw.js', { scope: '/kiosk/', updateViaCache: 'none' });
    } catch (problem) {
      this.troubles.note(problem);
      return;
    }
    container.ready.then(({ active }) => {
      // A page that was loading at the very moment of the worker's start, or past it, belongs to no worker yet.
      if (container.controller === null) active.postMessage('take charge');
    });
    this.registration.addEventListener('updatefound', () => this.follow(this.registration.installing));
    setInterval(() => this.look(), LOOK_EVERY_MS);
    addEventListener('online', () => this.look());
    this.ready();
  }

  follow(worker) {
    worker?.addEventListener('statechange', () => worker.state === 'installed' && this.ready());
  }

  async look() {
    try {
      await this.registration.update();
    } catch {
      // no network, or a server that is being changed just now: the present version goes on
    }
  }

  /** Start the new version if there is one. Call it between citizens only. */
  takeOver() {
    if (this.isNewVersionInCharge) this.reload();
    else if (navigator.serviceWorker.controller) this.registration?.waiting?.postMessage('take over');
  }
}
