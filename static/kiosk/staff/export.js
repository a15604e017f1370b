// The last resort when a device will never reach the server again: its queue as a file that the desk can import.
// The file is signed with a private key that only this browser can use; the server checks it with the public one.
import { signature } from '../signing.js';

const FORMAT = 'hai-long-kiosk-queue';

/** The text of the file: {"payload": JSON text, "signature": ECDSA P-256 in hex}.
 *  @param {{ queue: Queue, device: Device, clock: Clock }} parts */
export async function queueFile({ queue, device, clock }) {
  const [records, refused, known] = await Promise.all([queue.all(), queue.refused(), device.current()]);
  if (!known) throw new Error('export: not paired');
  const payload = JSON.stringify({
    format: FORMAT,
    device: known.device,
    exported_at: new Date().toISOString(),
    ...(await clock.correctionsForFile(records)),
    responses: records.map(({ answer }) => answer),
    refused: refused.map(({ answer, status, problem }) => ({ answer, status, problem })),
  });
  return JSON.stringify({ payload, signature: await signature(await device.keys(), payload) });
}

/** Hand the text to the browser as a download.
 *  @param {string} text @param {string} name */
export function download(text, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
