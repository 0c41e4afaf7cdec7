const REACHED = "a[href], button, input, select, textarea, summary, [tabindex='0'], [contenteditable='true']";
const FRAMES = 60; // how long what was renamed may take to be drawn again

const all = () => [...document.querySelectorAll<HTMLElement>(REACHED)];
const called = (one: Element | undefined) => (one instanceof HTMLInputElement ? one.labels?.[0]?.textContent : one?.textContent) ?? "";

/** Makes a change, and brings the focus back to where it was if all around it is drawn anew, as under another name. */
export async function inPlace<T>(change: () => Promise<T>): Promise<T> {
  let held: { here: Element; words: string; place: number } | null = null;
  const hold = () => {
    const here = document.activeElement;
    const place = here ? all().indexOf(here as HTMLElement) : -1;
    held = here && place >= 0 ? { here, words: called(here), place } : null;
  };
  const back = (left: number) => {
    const again = held && !held.here.isConnected && document.activeElement === document.body ? all()[held.place] : undefined;
    if (held && again && called(again) === held.words) again.focus();
    else if (held && left) return requestAnimationFrame(() => back(left - 1));
    removeEventListener("focusin", hold);
  };
  hold();
  addEventListener("focusin", hold);
  const made = await change();
  back(FRAMES);
  return made;
}
