// The last resort when a device will never reach the server again: its queue as a file that the desk can import.
// The file is signed with the digest of the device's key, which only the device and the server know.

const FORMAT = 'hai-long-kiosk-queue';

/** The text of the file: {"payload": JSON text, "signature": HMAC-SHA-256 in hex}. */
export async function queueFile({ queue, device, clock }) {
  const [records, refused, known] = await Promise.all([queue.all(), queue.refused(), device.current()]);
  const payload = JSON.stringify({
    format: FORMAT,
    device: known.device,
    exported_at: new Date().toISOString(),
    ...(await clock.correctionsForFile(records)),
    responses: records.map(({ answer }) => answer),
    refused: refused.map(({ answer, status, problem }) => ({ answer, status, problem })),
  });
  return JSON.stringify({ payload, signature: await sign(payload, known.key) });
}

async function sign(payload, key) {
  const encoder = new TextEncoder();
  const digest = hex(await crypto.subtle.digest('SHA-256', encoder.encode(key)));
  const how = { name: 'HMAC', hash: 'SHA-256' };
  const secret = await crypto.subtle.importKey('raw', encoder.encode(digest), how, false, ['sign']);
  return hex(await crypto.subtle.sign('HMAC', secret, encoder.encode(payload)));
}

function hex(buffer) {
  return [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Hand the text to the browser as a download. */
export function download(text, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
