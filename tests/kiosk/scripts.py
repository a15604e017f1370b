"""JavaScript that tests run inside a kiosk's page."""

from __future__ import annotations

ASK_DISK = """([store, question]) => new Promise((resolve, reject) => {
    const open = indexedDB.open('hai-long-kiosk');
    open.onerror = () => reject(open.error);
    open.onsuccess = () => {
        const answer = open.result.transaction(store).objectStore(store)[question]();
        answer.onsuccess = () => { open.result.close(); resolve(answer.result); };
    };
})"""
TOUCH_THANKS = """() => document.querySelector('.kiosk-message')
    ?.dispatchEvent(new PointerEvent('pointerup', { bubbles: true }))"""
# What a first visit leaves behind, made by the kiosk's own modules: a worker that keeps the shell, and the key.
PAIR = """async ([modules, code]) => {
    const parts = ['database', 'device'].map((name) => import(`${modules}/${name}.js`));
    await navigator.serviceWorker.register('/kiosk/sw.js', { scope: '/kiosk/', updateViaCache: 'none' });
    const [{ Settings, openDatabase }, { Device }] = await Promise.all(parts);
    const database = await openDatabase();
    const { pin } = await new Device(new Settings(database)).pair(code);
    database.close();
    await navigator.serviceWorker.ready;
    return pin;
}"""
# Presses in the page itself are not held off for the sake of double taps.
RATE = """async ([service, values]) => {
    const screen = document.getElementById('screen');
    const appears = (found) => new Promise((resolve) => {
        const look = () => found() && resolve(watch.disconnect());
        const watch = new MutationObserver(look);
        watch.observe(screen, { attributes: true, childList: true });
        look();
    });
    for (const value of values) document.querySelector(`[data-value='${value}']`).click();
    [...document.querySelectorAll('button')].find((button) => button.textContent === service).click();
    document.getElementById('send').click();
    await appears(() => screen.dataset.screen === 'thanks');
    document.querySelector('.kiosk-message').dispatchEvent(new PointerEvent('pointerup', { bubbles: true }));
    await appears(() => document.getElementById('start'));
}"""
TYPE_PIN = "pin => { for (const digit of pin) document.querySelector(`[data-digit='${digit}']`).click(); }"
SEND_NOW = """() => {
    const button = document.getElementById('send-now');
    button.dataset.pressed = '';
    button.click();
}"""
# A transaction that asks again and again stays open, and every other one of that store stands in line behind it.
HOLD_SETTINGS = """() => new Promise((resolve, reject) => {
    const open = indexedDB.open('hai-long-kiosk');
    open.onerror = () => reject(open.error);
    open.onsuccess = () => {
        const settings = () => open.result.transaction('settings', 'readwrite').objectStore('settings');
        const store = settings();
        let held = true;
        const ask = () => {
            resolve();
            if (held) store.get('').onsuccess = ask;
        };
        ask();
        globalThis.letGo = () => new Promise((gone) => {
            held = false;
            settings().get('').onsuccess = () => { open.result.close(); setTimeout(gone); };
        });
    };
})"""
