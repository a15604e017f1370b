// Runs before the kiosk's own scripts. Gives the harness a citizen who answers by pressing the kiosk's own buttons,
// and a clock that can be set wrong by any amount and stays wrong after a restart.
(() => {
  const RealDate = Date;
  const offset = () => Number(localStorage.getItem('clock offset') ?? 0);
  globalThis.Date = class extends RealDate {
    constructor(...given) {
      if (given.length === 0) super(RealDate.now() + offset());
      else super(...given);
    }

    static now() {
      return RealDate.now() + offset();
    }
  };
  globalThis.setClock = (ms) => localStorage.setItem('clock offset', String(ms));

  const pause = () => new Promise((resolve) => { setTimeout(resolve, 5); });

  async function until(find) {
    for (;;) {
      const found = find();
      if (found) return found;
      await pause();
    }
  }

  const $ = (selector) => document.querySelector(selector);
  const at = (name) => $('#screen')?.dataset.screen === name;
  const face = (value) => $(`.rating-option[data-value="${value}"]`);

  // digits: one for each overall item (1-5), then one for each optional item (0 = skip).
  globalThis.citizen = async ({ service, overall, optional }) => {
    await until(() => !document.body.inert && $('#start'));
    for (const value of overall) face(value).click();
    await until(() => at('choice'));
    const labels = [...document.querySelectorAll('.kiosk-choices button')];
    (labels.find((button) => button.textContent === service) ?? [...document.querySelectorAll('#foot button')].at(-1)).click();
    await until(() => at('ready'));
    document.querySelectorAll('.kiosk-actions button')[1].click();
    for (const value of optional) (value === 0 ? document.querySelectorAll('#foot button')[1] : face(value)).click();
    await until(() => at('thanks') || at('not-saved'));
    const thanked = at('thanks') ? { id: $('.kiosk-message').dataset.answer, at: RealDate.now() } : null;
    ($('.kiosk-message button') ?? $('.kiosk-message')).dispatchEvent(new PointerEvent('pointerup', { bubbles: true }));
    return thanked;
  };
})();
