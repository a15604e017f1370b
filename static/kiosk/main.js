// Puts the parts together and starts them.
import { Clock, MachineClock } from './clock.js';
import { Queue, Settings } from './database.js';
import { Device } from './device.js';
import { Heartbeat } from './heartbeat.js';
import { Kiosk } from './kiosk.js';
import { pairedScreen, pairScreen } from './screens/pairing.js';
import { Revoked, Sender } from './sender.js';
import { onStaffGesture } from './staff/gesture.js';
import { StaffMenu } from './staff/menu.js';
import { PinCheck } from './staff/pin.js';
import { lookAround, standBy } from './standby.js';
import { Troubles, wordsOf } from './troubles.js';
import { Updates } from './updates.js';
import { View } from './view.js';

const LOOK_AT_CLOCK_MS = 10_000;

async function main() {
  const view = new View();
  const lost = new EventTarget();
  const found = await lookAround(() => lost.dispatchEvent(new Event('lost')));
  const { version = '' } = document.body.dataset;
  if (!found.database) {
    standBy({ view, found, version });
    return;
  }
  try {
    await run({ view, database: found.database, lost, version });
  } catch (error) {
    standBy({ view, found: { parts: ['missing_database'], detail: wordsOf(error) }, version });
  }
}

/** @param {{ view: View, database: Disk, lost: EventTarget, version: string }} parts */
async function run({ view, database, lost, version }) {
  const settings = new Settings(database);
  const queue = new Queue(database);
  const troubles = new Troubles();
  const device = new Device(settings);
  const clock = new Clock(settings, new MachineClock(), (problem) => troubles.noteDisk(problem));
  await clock.start();
  await queue.pruneClocks(clock.name).catch((problem) => troubles.noteDisk(problem));
  setInterval(() => clock.look(), LOOK_AT_CLOCK_MS);
  const sender = new Sender({ queue, device, clock, onProblem: (problem) => onProblem(problem, { troubles, device, kiosk }) });
  const updates = new Updates({ troubles, version, ready: () => kiosk.refresh(), reload: () => view.reload() });
  const kiosk = new Kiosk({
    view,
    device,
    keep: (visit, options) => keep({ visit, options, queue, clock, sender, troubles }),
    between: async () => {
      if (isDatabaseLost) { // nothing can be read from it any more
        view.reload();
        return;
      }
      await device.adopt();
      if (kiosk.isResting) updates.takeOver(); // else somebody touched the screen while we were reading
    },
  });
  // A newer version wants to rebuild the database, or the browser closed it: start anew, but between citizens.
  let isDatabaseLost = false;
  lost.addEventListener('lost', () => {
    isDatabaseLost = true;
    kiosk.refresh();
  });
  const pin = new PinCheck(settings, device);
  const heartbeat = new Heartbeat({ device, queue, clock, troubles, version, onConfig: () => kiosk.refresh() });
  const menu = new StaffMenu({ view, kiosk, device, queue, clock, sender, heartbeat, troubles, pin, version });
  updates.start();
  sender.start();
  if (await device.load()) {
    navigator.storage.persist?.();
    onStaffGesture(() => menu.open());
    await kiosk.start();
    heartbeat.start();
  } else {
    askForCode({ view, device, pin, clock });
  }
}

/** @param {unknown} problem @param {{ troubles: Troubles, device: Device, kiosk: Kiosk }} parts */
async function onProblem(problem, { troubles, device, kiosk }) {
  troubles.note(problem);
  if (!(problem instanceof Revoked)) return;
  await device.refused();
  await kiosk.refresh();
}

/** The first pairing; afterwards everything starts anew as on any other day.
 *  @param {{ view: View, device: Device, pin: PinCheck, clock: Clock }} parts */
function askForCode({ view, device, pin, clock }) {
  view.show(pairScreen({
    pair: async (code) => {
      const paired = await device.pair(code);
      await pin.remember(paired.pin);
      await clock.heard(paired.now, 0);
      await navigator.storage.persist?.();
      return paired;
    },
    paired: (paired) => view.show(pairedScreen({ ...paired, go: () => location.reload() })),
  }));
}

/** On the disk first; only then may anyone say thanks.
 *  @param {{ visit: Visit, options: VisitEnd | undefined, queue: Queue, clock: Clock, sender: Sender,
 *    troubles: Troubles }} parts */
async function keep({ visit, options, queue, clock, sender, troubles }) {
  await clock.look();
  const answer = visit.answer(Date.now(), options);
  try {
    await queue.add(answer, clock.reading());
  } catch (problem) {
    troubles.noteDisk(problem);
    if (await sender.deliver(answer)) return;
    throw problem;
  }
  troubles.diskRefusedAt = null;
  sender.wake();
}

main();
