// The device's own signature: ECDSA on P-256 with SHA-256. The private key cannot be read out of this browser, not even
// by this page; the server holds only the public one, so nothing that is stored there can sign in this device's name.

const KEYS = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' };

/** @returns {Promise<CryptoKeyPair>} */
export function newKeys() {
  return crypto.subtle.generateKey(KEYS, false, ['sign', 'verify']);
}

/** The public key (SubjectPublicKeyInfo) in base64.
 *  @param {CryptoKeyPair} keys */
export async function publicText({ publicKey }) {
  return base64(await crypto.subtle.exportKey('spki', publicKey));
}

/** The signature of a text in hex: r and s, 32 bytes each.
 *  @param {CryptoKeyPair} keys @param {string} text */
export async function signature({ privateKey }, text) {
  return hex(await crypto.subtle.sign(SIGNATURE, privateKey, new TextEncoder().encode(text)));
}

/** The headers that sign a request (RFC 9421, RFC 9530): its method, path, body and the second it was signed in.
 *  @param {CryptoKeyPair} keys @param {{ method: string, path: string, body: string | null, at: number }} request */
export async function signatureHeaders({ privateKey }, { method, path, body, at }) {
  const encoder = new TextEncoder();
  const digest = `sha-256=:${base64(await crypto.subtle.digest('SHA-256', encoder.encode(body ?? '')))}:`;
  const signed = `("@method" "@path" "content-digest");created=${Math.floor(at / 1000)};alg="ecdsa-p256-sha256"`;
  const lines = [`"@method": ${method}`, `"@path": ${path}`, `"content-digest": ${digest}`, `"@signature-params": ${signed}`];
  const made = await crypto.subtle.sign(SIGNATURE, privateKey, encoder.encode(lines.join('\n')));
  return { 'Content-Digest': digest, 'Signature-Input': `kiosk=${signed}`, Signature: `kiosk=:${base64(made)}:` };
}

/** @param {ArrayBuffer} buffer */
function base64(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer)));
}

/** @param {ArrayBuffer} buffer */
function hex(buffer) {
  return [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
