// What the browser must offer before a kiosk may promise that no answer is lost.

/** Names of texts that say what is missing; empty when all is there.
 *  @param {{ isSecureContext: boolean, navigator: object, crypto?: { subtle?: object, randomUUID?: object } }} scope */
export function missingParts(scope = globalThis) {
  if (!scope.isSecureContext) return ['missing_https'];
  const parts = {
    missing_worker: 'serviceWorker' in scope.navigator,
    missing_locks: 'locks' in scope.navigator,
    missing_crypto: Boolean(scope.crypto?.subtle && scope.crypto.randomUUID),
    missing_database: 'indexedDB' in scope,
  };
  return Object.keys(parts).filter((name) => !parts[/** @type {keyof parts} */ (name)]);
}
